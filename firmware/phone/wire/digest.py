"""Digest access authentication for SIP, as the one who is asked and as the one who asks (RFC 7616, RFC 8760,
RFC 3261 section 22).

    challenge(values) --Challenge--> Session.take --> answer(...) --Authentication-Info--> proves(...)
    Guard.challenge() --401--> ... --Authorization--> Guard.judge(...)

MD5 and SHA-256, with qop=auth or none. A nonce is used again with a rising count, so that most keep-alives
need no second way. The server's proof (rspauth) tells whether it knows the password, too.
"""

import hashlib
from binascii import hexlify
from collections import namedtuple

from micropython import const

from phone.wire.sip_value import closing, parted

# realm, nonce, opaque: str as they stood between their quotes, and so they are hashed. algorithm: "" where it
# was not named, which means MD5. qop: whether qop=auth is offered. stale: only the nonce was wrong.
Challenge = namedtuple("Challenge", ("realm", "nonce", "opaque", "algorithm", "qop", "stale"))

OK, STALE, WRONG = "ok", "stale", "wrong"
_FIELDS_MAX = const(600)  # bytes; a challenge stands in each request that follows. Kamailio's has 120
_NONCES_MAX = const(8)  # given and not used yet: pushes of a few managers at once
_NONCE_BYTES = const(16)


def challenge(values):
    """The best Challenge of the values (bytes) of WWW-Authenticate or Proxy-Authenticate; None where none can
    be answered. SHA-256 goes before MD5 wherever it stands: our rule, as RFC 8760 2.4 allows.
    """
    best = None
    for raw in values:
        found = _challenge(_fields(raw))
        if found and (best is None or found.algorithm.upper() == "SHA-256" != best.algorithm.upper()):
            best = found
    return best


class Session:
    """What one user has with one server. `fresh`: the last answer was the first to the challenge taken last:
    a 401 to it means that the password is wrong. kept: what an earlier object for the same two had as `kept`.
    """

    def __init__(self, user, password, kept=None):
        self.fresh = False
        self._user, self._password = user, password
        # The Challenge; answers made with this nonce; whether the challenge has no answer yet; HA1, the hash
        # of user, realm and password; (nonce, count in hex, cnonce, uri) of the last answer.
        self._challenge, self._count, self._new, self._secret, self._last = kept or (None, 0, False, "", None)

    @property
    def kept(self):
        """All of it, for who forgets this file between two answers."""
        return self._challenge, self._count, self._new, self._secret, self._last

    def take(self, challenge):
        """A Challenge of the server's."""
        was, self._challenge = self._challenge, challenge
        if not was or was.nonce != challenge.nonce:
            self._count = 0
        self._new = True
        self._secret = self._hash("%s:%s:%s" % (self._user, challenge.realm, self._password))

    def answer(self, method, uri, cnonce):
        """The value for Authorization or Proxy-Authorization; "" before there was a challenge."""
        given = self._challenge
        if not given:
            return ""
        self.fresh, self._new = self._new, False
        self._count += 1
        count = "%08x" % self._count
        self._last = given.nonce, count, cnonce, uri
        out = 'Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"' % (
            self._user, given.realm, given.nonce, uri, self._response(method))
        if given.algorithm:
            out += ", algorithm=" + given.algorithm
        if given.opaque:
            out += ', opaque="%s"' % given.opaque
        return out + ', qop=auth, nc=%s, cnonce="%s"' % (count, cnonce) if given.qop else out

    def proves(self, value):
        """Whether Authentication-Info (bytes) shows that who answers knows the password, for the last answer;
        None where it says nothing. Its nextnonce is taken, unless the proof is wrong.
        """
        said = _fields(value)
        right = None
        if "rspauth" in said:
            right = bool(self._last) and said["rspauth"].lower() == self._response("")
        following = said.get("nextnonce", "")
        # Kamailio calls the nonce in use the next one, too, and its count goes on.
        if self._last and right is not False and following not in ("", self._challenge.nonce):
            was = self._challenge
            self._challenge = Challenge(was.realm, following, was.opaque, was.algorithm, was.qop, False)
            self._count = 0
        return right

    def _response(self, method):
        nonce, count, cnonce, uri = self._last
        middle = "%s:%s:%s:auth" % (nonce, count, cnonce) if self._challenge.qop else nonce
        return self._hash("%s:%s:%s" % (self._secret, middle, self._hash("%s:%s" % (method, uri))))

    def _hash(self, text):
        return _hash(self._challenge.algorithm, text)


class Guard:
    """The phone asks: each nonce is good once. entropy(n) gives n bytes. nonces: a list of its owner."""

    def __init__(self, realm, entropy, nonces):
        self._realm = realm
        self._entropy = entropy
        self._nonces = nonces

    def challenge(self, stale=False):
        """Two values (str) for WWW-Authenticate, each in a field of its own. MD5 first: Kamailio 5.6 answers
        the first one or none, and who knows both is free to choose.
        """
        nonce = str(hexlify(self._entropy(_NONCE_BYTES)), "ascii")
        del self._nonces[: 1 - _NONCES_MAX]
        self._nonces.append(nonce)
        more = ", stale=true" if stale else ""
        return ['Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"%s' % (self._realm, nonce, kind, more)
                for kind in ("MD5", "SHA-256")]

    def judge(self, value, method, user, password):
        """OK, STALE (not a nonce that waits: ask again) or WRONG, of the value (bytes) of Authorization."""
        said = _fields(value)
        nonce = said.get("nonce", "")
        if not nonce or said.get("realm") != self._realm or said.get("username") != user:
            return WRONG
        if nonce not in self._nonces:
            return STALE
        self._nonces.remove(nonce)  # one guess a nonce
        kind = said.get("algorithm", "")
        if not _is_known(kind):
            return WRONG
        middle = nonce
        if "qop" in said:
            middle = "%s:%s:%s:auth" % (nonce, said.get("nc", ""), said.get("cnonce", ""))
        secret = _hash(kind, "%s:%s:%s" % (user, self._realm, password))
        asked = _hash(kind, "%s:%s" % (method, said.get("uri", "")))
        right = _hash(kind, "%s:%s:%s" % (secret, middle, asked)) == said.get("response", "").lower()
        return OK if right and said.get("qop", "auth") == "auth" else WRONG


def _challenge(said):
    """A Challenge of the fields of one value, or None where it cannot be answered."""
    kind, offered = said.get("algorithm", ""), said.get("qop")
    words = [word.strip().lower() for word in offered.split(",")] if offered else []
    if not said.get("nonce") or "realm" not in said or not _is_known(kind) or words and "auth" not in words:
        return None
    stale = said.get("stale", "").lower() == "true"
    return Challenge(said["realm"], said["nonce"], said.get("opaque", ""), kind, bool(words), stale)


def _is_known(algorithm):
    return algorithm.upper() in ("", "MD5", "SHA-256")


def _hash(algorithm, text):
    """In hex."""
    make = hashlib.sha256 if algorithm.upper() == "SHA-256" else hashlib.md5
    return str(hexlify(make(text.encode()).digest()), "ascii")


def _fields(raw):
    """{name in lower case: value}, str, of a list of name=value; the first of a name counts. Values stay as
    they stood between their quotes. Empty where bytes are in it that none of these have.
    """
    raw = raw.replace(b"\r\n", b" ").replace(b"\t", b" ").strip()
    if raw[:7].lower() == b"digest ":
        raw = raw[7:]
    out = {}
    if not raw or len(raw) > _FIELDS_MAX or min(raw) < 32 or b"\x7f" in raw:
        return out
    try:
        for part in parted(raw, b","):
            name, _, value = part.partition(b"=")
            name = str(name.strip().lower(), "utf-8")
            value = value.strip()
            if value[:1] == b'"':
                value = value[1 : max(1, closing(value))]
            if name not in out:
                out[name] = str(value, "utf-8")
    except UnicodeError:
        return {}
    return out
