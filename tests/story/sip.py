"""SIP as the scenery of a story speaks it, strictly: what a phone sends against the RFCs is Malformed.

It never imports phone.*: two ends that share a reader share its mistakes. RFC 3261 (7, 8.1.1, 10.2, 20),
RFC 2617 and 7616 (digest).
"""

import hashlib
import re
from collections import namedtuple

# One message as it was read. fields: list of (name in lower case and in full, value). status is 0 and reason
# "" of a request; method of a response is that of its CSeq.
Message = namedtuple("Message", ("method", "uri", "status", "reason", "fields", "body"))

COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
    "c": "content-type", "o": "event", "s": "subject", "k": "supported", "e": "content-encoding",
}  # fmt: skip
ONCE = ("from", "to", "call-id", "cseq", "max-forwards", "content-length", "expires", "authorization")
NEEDED = ("via", "from", "to", "call-id", "cseq")
TOKEN = r"[A-Za-z0-9.!%*_+`'~-]+"
URI = r"sips?:[^\s<>\"]+"
HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
MTU = 1300  # RFC 3261 18.1.1: more than that is not for UDP


class Malformed(AssertionError):
    """The phone sent what no phone may send."""


def need(holds, what, *values):
    if not holds:
        raise Malformed(what % values)


def read(data):
    """Message of a datagram."""
    need(len(data) <= MTU, "%d bytes in one datagram", len(data))
    head, found, body = bytes(data).partition(b"\r\n\r\n")
    need(found, "no empty line after the header: %r", data[:200])
    need(re.fullmatch(rb"[\x20-\x7e\t\r\n]*", head), "a header of more than ASCII: %r", head)
    lines = head.decode().split("\r\n")
    need(not re.search(r"[\r\n]", "".join(lines)), "a line end that is not CR LF: %r", head)
    request = re.fullmatch("(%s) (%s) SIP/2.0" % (TOKEN, URI), lines[0])
    answer = re.fullmatch(r"SIP/2.0 ([1-6]\d\d) (.*)", lines[0])
    need(request or answer, "no start line: %r", lines[0])
    fields = []
    for line in lines[1:]:
        parts = re.fullmatch("(%s)[ \t]*:[ \t]*(.*?)[ \t]*" % TOKEN, line)
        need(parts, "no header line: %r", line)
        name = parts[1].lower()
        fields.append((COMPACT.get(name, name), parts[2]))
    names = [name for name, _ in fields]
    for name in ONCE:
        need(names.count(name) <= 1, "%s is there twice", name)
    for name in NEEDED:
        need(name in names, "there is no %s in %s", name, lines[0])
    cseq = re.fullmatch(r"(\d{1,10}) +(%s)" % TOKEN, value(fields, "cseq"))
    need(cseq and int(cseq[1]) < 2**31, "CSeq %r", value(fields, "cseq"))
    length = value(fields, "content-length")
    need(
        re.fullmatch(r"\d+", length) and int(length) == len(body),
        "Content-Length %r of %d",
        length,
        len(body),
    )
    need("content-type" in names or not body, "a body without Content-Type")
    if request:
        need(cseq[2] == request[1], "CSeq of %s in %s", cseq[2], lines[0])
        return Message(request[1], request[2], 0, "", fields, body)
    return Message(cseq[2], "", int(answer[1]), answer[2], fields, body)


def value(fields, name):
    """The first value of that name, "" where there is none."""
    return next((text for have, text in fields if have == name), "")


def values(fields, name):
    return [text for have, text in fields if have == name]


def via(text):
    """(host, port, parameters) of a Via."""
    parts = re.fullmatch(r"SIP/2\.0/UDP +([^\s;:]+)(?::(\d+))?((?:;[^;\s]+)*)", text)
    need(parts, "Via %r", text)
    return parts[1], int(parts[2] or 5060), params(parts[3])


def params(text):
    """ ";a=b;c" as a dict."""
    found = {}
    for name, word in re.findall(r';\s*([^;=\s]+)(?:=("[^"]*"|[^;\s]*))?', text):
        need(name.lower() not in found, "parameter %s twice in %r", name, text)
        found[name.lower()] = word
    return found


def address(text):
    """(display name, URI, parameters of the header) of From, To or Contact."""
    parts = re.fullmatch(r'(?:("(?:[^"\\]|\\.)*"|[A-Za-z0-9 ._-]*?)\s*)<(%s)>((?:\s*;[^;]+)*)' % URI, text)
    if parts:
        return (parts[1] or "").strip('" '), parts[2], params(parts[3])
    parts = re.fullmatch(r"(%s?)((?:;[^;]+)*)" % URI, text)
    need(parts, "no address: %r", text)
    return "", parts[1], params(parts[2])


def place(uri):
    """(user, host, port) of a SIP URI."""
    parts = re.fullmatch(r"sip:(?:([^@;]+)@)?([^:;@]+)(?::(\d+))?(?:;.*)?", uri)
    need(parts, "no SIP URI: %r", uri)
    return parts[1] or "", parts[2], int(parts[3] or 5060)


# --- digest ----------------------------------------------------------------------------------------

QUOTED = ("username", "realm", "nonce", "uri", "response", "cnonce", "opaque")
PLAIN = ("algorithm", "qop", "nc")


def credentials(text):
    """The parameters of Authorization, each written as RFC 7616 3.4 has it."""
    need(text.startswith("Digest "), "credentials that are no digest: %r", text)
    found, rest = {}, text[7:].strip()
    while rest:
        parts = re.match(r'([a-z]+)=("(?:[^"\\]|\\.)*"|[^",\s]+)\s*(?:,\s*|$)', rest)
        need(parts, "credentials: %r", rest)
        name, word = parts[1], parts[2]
        need(name not in found, "%s twice in the credentials", name)
        need(name in QUOTED + PLAIN, "an unknown parameter in credentials: %s", name)
        need(word.startswith('"') == (name in QUOTED), "%s=%s: the quotes are wrong", name, word)
        found[name] = word.strip('"')
        rest = rest[parts.end() :]
    for name in ("username", "realm", "nonce", "uri", "response"):
        need(name in found, "credentials without %s", name)
    need(
        ("qop" in found) == ("nc" in found) == ("cnonce" in found), "qop, nc and cnonce go together: %r", text
    )
    need(re.fullmatch("[0-9a-f]{8}", found.get("nc", "00000001")), "nc=%s", found.get("nc"))
    return found


def challenge(realm, nonce, algorithm, qop="auth", stale=False):
    text = 'Digest realm="%s", nonce="%s", algorithm=%s' % (realm, nonce, algorithm)
    text += ', qop="%s"' % qop if qop else ""
    return text + (", stale=true" if stale else "")


def reckon(given, password, method, body_of=""):
    """The response that these credentials should have. method "" gives that of rspauth."""
    digest = HASHES[given.get("algorithm", "MD5")]

    def h(text):
        return digest(text.encode()).hexdigest()

    first = h("%s:%s:%s" % (given["username"], given["realm"], password))
    second = h("%s:%s" % (method, given["uri"]))
    if "qop" not in given:
        return h("%s:%s:%s" % (first, given["nonce"], second))
    middle = "%s:%s:%s:%s" % (given["nonce"], given["nc"], given["cnonce"], given["qop"])
    return h("%s:%s:%s" % (first, middle, second))


def answer(asked, user, password, method, uri, count=1, cnonce="0a4f113b"):
    """Credentials for a challenge of the phone's, as the value of Authorization."""
    given = dict(re.findall(r'([a-z]+)="?([^",]*)"?', asked[7:]))
    given.update(username=user, uri=uri, nc="%08x" % count, cnonce=cnonce, qop="auth")
    text = 'Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", algorithm=%s, ' % (
        user, given["realm"], given["nonce"], uri, reckon(given, password, method),
        given.get("algorithm", "MD5"),
    )  # fmt: skip
    return text + 'cnonce="%s", qop=auth, nc=%s' % (cnonce, given["nc"])


def write(start, fields, body=b""):
    """The bytes of a message; fields: list of (name, value)."""
    lines = [start] + ["%s: %s" % pair for pair in fields] + ["Content-Length: %d" % len(body), "", ""]
    return "\r\n".join(lines).encode("utf-8") + body
