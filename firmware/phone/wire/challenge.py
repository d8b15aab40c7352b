"""What a 401 asks for: the challenges of WWW-Authenticate, and the one that is answered (RFC 9110 11.6.1).

A field may hold several, a list within the list: `Basic realm="a, b", Digest realm="c", nonce="d"`. Digest
goes before Basic, which would tell the password to whoever listens.
"""

from collections import namedtuple

from phone.wire.sip_value import closing, parted

# realm: str as it stood between its quotes. digest: a Challenge of wire/digest.py, None for Basic.
Wanted = namedtuple("Wanted", ("realm", "digest"))


def wanted(raw):
    """The Wanted of the field's value (bytes), None where nothing in it can be answered."""
    found = _each(raw)
    digests = [b"Digest " + values for scheme, values in found if scheme == b"digest"]
    if digests:
        from phone.wire import digest  # 6 KB, and more servers have Basic

        best = digest.challenge(digests)
        if best:
            return Wanted(best.realm, best)
    for scheme, values in found:
        if scheme == b"basic":
            return Wanted(_realm(values), None)
    return None


def _each(raw):
    """[(scheme in lower case, its values)], bytes: a part that begins with a word and a blank begins one."""
    out = []
    for part in parted(raw, b","):
        part = part.strip()
        word, blank, rest = part.partition(b" ")
        if b"=" not in word and word and not rest.lstrip().startswith(b"="):
            out.append((word.lower(), rest.strip()))
        elif out:
            out[-1] = out[-1][0], out[-1][1] + b", " + part
    return out


def _realm(values):
    for part in parted(values, b","):
        name, _, value = part.strip().partition(b"=")
        if name.strip().lower() == b"realm":
            value = value.strip()
            if value[:1] == b'"':
                value = value[1 : max(1, closing(value))]
            try:
                return str(value, "utf-8")
            except UnicodeError:  # ISO-8859-1, as older servers write it: it need only differ from others
                return "".join([chr(byte) for byte in value])
    return ""
