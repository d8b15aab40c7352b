"""SIP as far as the small world needs it: messages to and from bytes, and digest at both ends.

The code is its own: the phone's and the world's ends must not share a mistake. RFC 3261; digest of RFC 7616
and 8760 with qop=auth.
"""

import hashlib
import hmac
import re
import secrets
import time

DATAGRAM_MAX = 65535
BRANCH = "z9hG4bK"  # RFC 3261 8.1.1.7: a branch that begins so names its transaction
# RFC 3261 7.3.3 and IANA's list: what may come as one letter.
_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
            "c": "content-type", "o": "event", "k": "supported", "s": "subject", "e": "content-encoding"}
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
ALGORITHMS = ("SHA-256", "MD5")  # the better one first: the order counts (RFC 8760 2.4)
# As long as Kamailio takes a nonce.
NONCE_SECONDS = 300
REASONS = {200: "OK", 202: "Accepted", 302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized",
           403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 423: "Interval Too Brief",
           480: "Temporarily Unavailable", 500: "Server Internal Error", 501: "Not Implemented",
           503: "Service Unavailable"}


class Message:
    """A request (status 0) or a response. headers: list of (name in lower case, value), in their order."""

    def __init__(self, start: str, headers, body: bytes = b""):
        self.start = start
        self.headers = headers
        self.body = body
        words = start.split(" ", 2)
        self.status = int(words[1]) if words[0] == "SIP/2.0" else 0
        self.method = self.get("cseq").partition(" ")[2].strip() if self.status else words[0]
        self.uri = "" if self.status else words[1]

    def get(self, name: str) -> str:
        """The first value of a header, "" where there is none."""
        return next((value for known, value in self.headers if known == name), "")

    def all(self, name: str) -> list:
        """Each value of a header, one a line as they came."""
        return [value for known, value in self.headers if known == name]

    @property
    def branch(self) -> str:
        """Of the topmost Via."""
        found = re.search(r";\s*branch\s*=\s*([^;,\s]+)", self.get("via"))
        return found[1] if found else ""

    def user(self, name: str) -> str:
        """The user part of the URI in From or To."""
        found = re.search(r"sips?:([^@;>\s]+)@", self.get(name))
        return found[1] if found else ""

    def __repr__(self):
        return "<%s>" % self.start


def read(data: bytes):
    """A Message, or None where the datagram is none."""
    head, found, body = data.partition(b"\r\n\r\n")
    lines = re.sub(rb"\r\n[ \t]+", b" ", head).decode("utf-8", "replace").split("\r\n")
    request = re.fullmatch(r"[A-Z]+ \S+ SIP/2\.0", lines[0])
    if not found or not (request or re.fullmatch(r"SIP/2\.0 [1-6]\d\d( .*)?", lines[0])):
        return None
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        name = name.strip().lower()
        headers.append((_COMPACT.get(name, name), value.strip()))
    message = Message(lines[0], headers, body)
    length = message.get("content-length")
    if length.isdigit():
        message.body = body[:int(length)]
    whole = message.get("via") and message.get("from") and message.get("to") and message.get("call-id")
    return message if whole and re.match(r"\d+ +[A-Z]+$", message.get("cseq")) else None


def compose(start: str, headers, body: bytes = b"") -> bytes:
    """A message as bytes. headers: list of (name as it is to stand there, value)."""
    lines = [start, *("%s: %s" % pair for pair in headers), "Content-Length: %d" % len(body)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def response(request: Message, whence, status: int, headers=(), tag: str = "", body: bytes = b"") -> bytes:
    """The bytes that answer a request that came from `whence`, (host, port)."""
    fields = []
    for place, via in enumerate(request.all("via")):
        if not place:  # RFC 3581: where it really came from
            via = re.sub(r";\s*rport(?![=\w])", ";rport=%d" % whence[1], via) + ";received=%s" % whence[0]
        fields.append(("Via", via))
    to = request.get("to")
    if tag and ";tag=" not in to.replace(" ", ""):
        to += ";tag=" + tag
    fields += [("From", request.get("from")), ("To", to), ("Call-ID", request.get("call-id")),
               ("CSeq", request.get("cseq")), ("Server", "everline-stand-in"), *headers]
    return compose("SIP/2.0 %d %s" % (status, REASONS.get(status, "Other")), fields, body)


def parameters(value: str) -> dict:
    """The name="value" pairs of a challenge or of credentials, names in lower case."""
    pairs = re.findall(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', value.partition(" ")[2])
    return {name.lower(): quoted or plain for name, quoted, plain in pairs}


def digest(algorithm: str, user: str, realm: str, password: str, method: str, uri: str, nonce: str, nc: str,
           cnonce: str) -> str:
    """The response of RFC 7616 3.4.1 with qop=auth; with method "" the rspauth of 3.5."""
    def hashed(text):
        return _HASHES[algorithm](text.encode()).hexdigest()
    first = hashed("%s:%s:%s" % (user, realm, password))
    return hashed(":".join((first, nonce, nc, cnonce, "auth", hashed("%s:%s" % (method, uri)))))


def authorize(challenge: str, method: str, uri: str, user: str, password: str, count: int = 1) -> str:
    """The Authorization that answers a challenge; `count` is how often its nonce was used, with this."""
    asked = parameters(challenge)
    algorithm = asked.get("algorithm", "MD5")
    realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
    nc, cnonce = "%08x" % count, secrets.token_hex(8)
    answer = digest(algorithm, user, realm, password, method, uri, nonce, nc, cnonce)
    return ('Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", algorithm=%s, qop=auth, '
            'nc=%s, cnonce="%s"' % (user, realm, nonce, uri, answer, algorithm, nc, cnonce))


def choose(challenges) -> str:
    """The first challenge whose algorithm is known here, or ""."""
    known = [it for it in challenges if parameters(it).get("algorithm", "MD5") in _HASHES]
    return known[0] if known else ""


class Guard:
    """Asks for a password and checks the answer. A nonce says itself when it was made, and by whom."""

    def __init__(self, realm: str, algorithms=ALGORITHMS):
        self.realm = realm
        self.algorithms = algorithms
        self._key = secrets.token_bytes(16)  # of this process: a nonce from before a restart is a stranger's
        self._counts = {}

    def challenges(self, stale: bool = False) -> list:
        """The WWW-Authenticate headers, one for each algorithm."""
        made = "%x.%s" % (int(time.time()), secrets.token_hex(4))
        nonce = "%s.%s" % (made, self._mac(made))
        return [("WWW-Authenticate", 'Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"%s'
                 % (self.realm, nonce, algorithm, ", stale=true" if stale else ""))
                for algorithm in self.algorithms]

    def judge(self, request: Message, password_of) -> tuple:
        """(verdict, user, headers of a 2xx). verdict: "good", "none", "stale" or "wrong"."""
        given = parameters(request.get("authorization"))
        if not given:
            return "none", "", []
        user, nonce, nc = given.get("username", ""), given.get("nonce", ""), given.get("nc", "")
        algorithm = given.get("algorithm", "MD5")
        made, _, mac = nonce.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(made).encode()):
            return "none", user, []
        if time.time() - int(made.partition(".")[0], 16) > NONCE_SECONDS:
            return "stale", user, []
        password = password_of(user)
        known = (password is not None and algorithm in self.algorithms and given.get("qop") == "auth"
                 and given.get("realm") == self.realm and re.fullmatch(r"[0-9a-fA-F]{8}", nc))
        parts = (algorithm, user, self.realm, password)
        cnonce, uri = given.get("cnonce", ""), given.get("uri", "")
        if not known or digest(*parts, request.method, uri, nonce, nc, cnonce) != given.get("response", ""):
            return "wrong", user, []
        if int(nc, 16) <= self._counts.get(nonce, 0):
            return "stale", user, []
        if len(self._counts) > 1000:
            self._counts.clear()
        self._counts[nonce] = int(nc, 16)
        proof = digest(*parts, "", uri, nonce, nc, cnonce)
        return "good", user, [("Authentication-Info", 'qop=auth, rspauth="%s", cnonce="%s", nc=%s'
                               % (proof, cnonce, nc))]

    def _mac(self, text) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]
