"""What a call manager says of backups: values of Call-Info (RFC 3261 20.9) to a Set, and what is signed.

    <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=services;expires=3600;spread=30
    <sip:10.0.0.3:5060>;purpose=backup-call-manager;q=0.8
    <urn:everline:none>;purpose=backup-service                     nothing, and what was told before goes
    <urn:everline:set>;purpose=backup-signature;seq=17;until=1790000000;mac=6f0c...

All of it is written down in docs/pointers.md. Nothing here judges: text is kept as it was written, because
the signature is over what was written. Values of other purposes are passed over, and so are those that cannot
be read: a bracket that is missing, a parameter twice, a letter that is not printable ASCII. No bytes raise.
"""

from binascii import hexlify
from collections import namedtuple
from hashlib import sha256

from micropython import const

from phone.wire.sip_value import parted

POINTERS_MAX = const(8)  # of an answer: they fit into one datagram, and a person reads no more servers
SEALS_MAX = const(2)  # while a site changes its key: the old one and the new one
MANAGER, SIGNATURE = b"backup-call-manager", b"backup-signature"  # purposes, beside that of the configuration
NONE = "urn:everline:none"
KEEPALIVE, PUSH = "keep-alive", "push"  # what a set is signed for; words of core/pointers.py
_FORM = "everline-pointers-1"
_PARAMETERS = b"purpose q service expires spread seq until mac".split()
_TOKEN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"  # RFC 3261 25.1
_BLOCK = const(64)  # bytes of SHA-256 (RFC 2104)

# pointers: list of Told in order, at most POINTERS_MAX. seals: list of Seal. over: there were more of either.
# named: there was a value of ours, so this is a set and replaces an earlier one.
Set = namedtuple("Set", ("pointers", "seals", "over", "named"))
# All str, as written; "" where a parameter is absent. manager: bool, by its purpose.
Told = namedtuple("Told", ("manager", "uri", "q", "service", "expires", "spread"))
Seal = namedtuple("Seal", ("seq", "until", "mac"))  # str, as written


def read(values, purpose):
    """The Set in a list of bytes, one value of Call-Info each; purpose: str, that of service pointers."""
    purpose = purpose.lower().encode()
    pointers, seals, over, named = [], [], False, False
    for value in values:
        uri, found = _value(value)
        kind = found.get(b"purpose", b"").lower()
        if uri is None or kind not in (purpose, MANAGER, SIGNATURE):
            continue
        texts = [str(found.get(name, b""), "ascii") for name in _PARAMETERS]
        named = True
        if kind == SIGNATURE:
            seals.append(Seal(*texts[5:]))
        elif uri.lower() != NONE:
            pointers.append(Told(kind == MANAGER, uri, *texts[1:5]))
        if len(pointers) > POINTERS_MAX or len(seals) > SEALS_MAX:
            over = True
            del pointers[POINTERS_MAX:], seals[SEALS_MAX:]
    return Set(pointers, seals, over, named)


def canonical(kind, seal, pointers):
    """The bytes that a Seal signs. kind: KEEPALIVE or PUSH. pointers: of Told, in any order."""
    told = []
    for one in pointers:
        what = "backup-call-manager" if one.manager else "backup-service"
        line = what, one.uri, one.q, one.service, one.expires, one.spread
        told.append(("%s %s q=%s service=%s expires=%s spread=%s\n" % line).encode())
    head = "%s %s seq=%s until=%s\n" % (_FORM, kind, seal.seq, seal.until)
    return head.encode() + b"".join(sorted(told))


def sign(key, data):
    """The mac in a Seal: HMAC-SHA256 of `data` in lower-case hexadecimal, str."""
    return str(hexlify(hmac(key, data)), "ascii")


def hmac(key, data):
    """HMAC-SHA256 (RFC 2104, RFC 4231): 32 bytes. MicroPython has no module for it."""
    if len(key) > _BLOCK:
        key = sha256(key).digest()
    key = key + bytes(_BLOCK - len(key))
    inner = sha256(bytes([byte ^ 0x36 for byte in key]))
    inner.update(data)
    outer = sha256(bytes([byte ^ 0x5C for byte in key]))
    outer.update(inner.digest())
    return outer.digest()


def same(one, other):
    """Whether two str are equal, in a time that does not tell where they differ."""
    return sha256(one.encode()).digest() == sha256(other.encode()).digest()


def _value(value):
    """(URI as str, {parameter of ours: bytes}) of one value; (None, {}): it cannot be read."""
    value = value.strip()
    end = value.find(b">")
    uri, found = value[1 : max(end, 1)].strip(), {}
    if value[:1] != b"<" or not uri:
        return None, {}
    if min(uri) < 33 or max(uri) > 126 or b"<" in uri or b'"' in uri:
        return None, {}
    for part in parted(value[end + 1 :], b";")[1:]:
        name, _, text = part.partition(b"=")
        name, text = name.strip().lower(), text.strip()
        if name in _PARAMETERS:
            if name in found or not text or text.strip(_TOKEN):
                return None, {}
            found[name] = text
    return str(uri, "ascii"), found
