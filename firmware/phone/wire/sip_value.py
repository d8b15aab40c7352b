"""What stands in the fields of SIP messages: addresses with their parameters, lists, and strangers' words.

From bytes to str (RFC 3261 section 25). Nothing here raises, whatever the bytes are.
"""

from micropython import const

VALUES_MAX = const(32)  # of one list, and parameters of one value
_WORD_MAX = const(24)  # letters of a method; the longest registered one has 9
_TEXT_MAX = const(512)  # bytes of a parameter
_NAME_MAX = const(40)  # and of its name
_HOST_MAX = const(253)
_HOST = b"abcdefghijklmnopqrstuvwxyz0123456789.-_"
_TOKEN = _HOST + b"ABCDEFGHIJKLMNOPQRSTUVWXYZ!%*+`'~"


def value(raw):
    """(uri, {parameter: value}) of a name-addr or addr-spec (bytes), all str (RFC 3261 20.10). Names of
    parameters are in lower case. uri: "" where there is none, or one with bytes that none has.
    """
    raw = raw.strip()
    named = max(0, closing(raw)) if raw[:1] == b'"' else 0
    start = raw.find(b"<", named)
    if start < 0 or b";" in raw[named:start]:
        uri = raw.partition(b";")[0]
        return word(uri.strip()), params(raw)
    stop = raw.find(b">", start)
    return (word(raw[start + 1 : stop].strip()), params(raw[stop + 1 :])) if stop > 0 else ("", {})


def display(raw):
    """The display name of a name-addr as words; "" without one."""
    raw = raw.strip()
    if raw[:1] == b'"':
        return words(_bare(raw[: closing(raw) + 1]))
    return words(raw[: max(0, raw.find(b"<"))])


def host_port(uri):
    """(host in lower case, port or 0, user), str, of a sip URI (str); None for what is none, or has IPv6."""
    user, mark, rest = _bytes(uri).partition(b":")[2].partition(b"@")
    if not mark:
        user, rest = b"", user
    host, colon, port = rest.partition(b";")[0].partition(b"?")[0].lower().partition(b":")
    there = number(port) if colon else 1
    if uri[:4].lower() != "sip:" or not 0 < there < 65536 or not _is_of(_HOST, host, _HOST_MAX):
        return None
    return str(host, "ascii"), there if colon else 0, words(user.partition(b":")[0])


def words(value, most=40):
    """bytes or str of a stranger's as at most so many characters that a screen and a log may show."""
    value = _bytes(value) if isinstance(value, str) else value
    return " ".join(_text(value[: 4 * most]).split())[:most].rstrip()


def parted(raw, mark):
    """`raw` parted at a mark that stands in no quotes and no angle brackets."""
    if b'"' not in raw and b"<" not in raw:
        return raw.split(mark, VALUES_MAX)
    out = []
    opening = b'"<'  # what opens and is never closed is like any other letter, and is not looked for again
    mark = mark[0]
    start = after = 0
    for at in range(len(raw)):  # enumerate() would leave garbage with each byte
        byte = raw[at]
        if at < after:
            continue
        if byte == mark:
            out.append(raw[start:at])
            start = at + 1
            if len(out) == VALUES_MAX:
                break
        elif byte in opening:
            after = 1 + (closing(raw, at) if byte == 34 else raw.find(b">", at))
            if not after:
                opening = opening.replace(bytes((byte,)), b"")
    out.append(raw[start:])
    return out


def closing(raw, at=0):
    """Where the quotes that open at `at` close; -1: nowhere."""
    end = raw.find(b'"', at + 1)
    while end >= 0:
        slashes = end
        while raw[slashes - 1 : slashes] == b"\\":
            slashes -= 1
        if (end - slashes) % 2 == 0:
            return end
        end = raw.find(b'"', end + 1)
    return -1


def params(raw):
    """{name: value}, both str, of ...;name=value;name="value"; the first of a name counts."""
    out = {}
    for part in parted(raw, b";")[1:]:
        name, _, text = part.partition(b"=")
        name = _text(name.strip().lower()[:_NAME_MAX])
        if name and name not in out:
            out[name] = _text(_bare(text.strip())[:_TEXT_MAX])
    return out


def param(raw, name):
    """The one parameter that each message is asked for, str; of what has no quotes."""
    low = raw.lower()
    at = low.find(name)
    while at > 0:
        end = at + len(name)
        if low[:at].rstrip()[-1:] == b";" and low[end:].lstrip()[:1] == b"=":
            return _text(raw[raw.find(b"=", end) + 1 :].partition(b";")[0].strip()[:_TEXT_MAX])
        at = low.find(name, end)
    return ""


def _bare(raw):
    """Without quotes, and without what is written for their sake (RFC 3261 25.1, quoted-pair)."""
    if raw[:1] != b'"' or closing(raw) < 0:
        return raw
    raw = raw[1 : closing(raw)]
    if b"\\" not in raw:
        return raw
    return raw.replace(b"\\\\", b"\0").replace(b"\\", b"").replace(b"\0", b"\\")


def _text(raw):
    """As str: control characters are blanks, what is no UTF-8 is read as windows-1252, marks that turn the
    direction of writing are gone.
    """
    if raw and (min(raw) < 32 or b"\x7f" in raw):
        raw = bytes([byte if byte > 31 and byte != 127 else 32 for byte in raw])
    if raw and max(raw) > 127:
        from phone.wire.charset import as_utf8, tidy

        raw = tidy(as_utf8(raw, b""))
    return str(raw, "utf-8")


def word(raw):
    """As str where each byte may stand in an address, else ""."""
    fine = raw and min(raw) > 32 and max(raw) < 127 and b'"' not in raw and b"<" not in raw
    return str(raw, "ascii") if fine else ""


def token(raw):
    """As str where it is a short token (RFC 3261 25.1), else ""."""
    return str(raw, "ascii") if _is_of(_TOKEN, raw, _WORD_MAX) else ""


def number(raw):
    """Of at most five digits, bytes; -1 for anything else."""
    return int(raw) if raw.isdigit() and len(raw) < 6 else -1


def _is_of(letters, raw, most):
    for byte in raw:
        if byte not in letters:
            return False
    return 0 < len(raw) <= most


def _bytes(text):
    try:
        return text.encode()
    except UnicodeError:  # half of a pair
        return b"?"
