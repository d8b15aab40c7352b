"""Somebody has the phone do something: POST /CGI/Execute, from the head to the answer (docs/push.md).

    head --judged--> BODY --all of it--> VERDICT --core/errands.py has one--> done, answered
       \\__ wrong method, browser, too much, nobody may: refused   \\__ wrong, or nobody to ask: Error 4

Read from flash for the first POST and let go with the last visitor. The local credentials are looked at
first; where they are not the ones, and the configuration has authentication URLs, these are asked while the
body comes. The body is read as it comes and nothing of it kept but its items, so a long one costs time and no
memory.

A browser that is led here by a page of another site would send the password that it keeps for the phone's
screen. Browsers say in each POST where it comes from (Origin, Sec-Fetch-Site) and programs do not: so whoever
says so is refused, since no page of the phone posts anything.
"""

from micropython import const

from phone.core.warrant import WRONG
from phone.wire import basic, execute, serve

PATH = "/CGI/Execute"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"  # RFC 9110 10.1.1: .NET and older curl wait for it, for a second
# Three URLs of 1024 characters, each letter as %XX, and their tags. Phones of others take 40 KB: theirs take
# other documents here, too.
BODY_MAX = 10240
BODY_MS = 5000  # for the whole body: it comes in one piece, or in two behind 100 Continue
_LENGTH_DIGITS = const(5)

# HTTP status, number of CiscoIPPhoneError, what is said, and the field that goes with it. Who is not let in
# is told so in the words of HTTP and in those of other phones; what the page says is answered 200.
_SAID = """
400 1 The length of the body is not a number.|
401 4 This is for who has the user name and the password.|WWW-Authenticate: Basic realm="Everline"
403 4 The configuration names nobody who may do this.|
405 1 Execute is asked for with POST.|Allow: POST
411 2 The length of the body must be said beforehand.|
413 1 The body is too long.|
415 1 The body must be a form.|
417 2 Nothing but 100-continue can be expected here.|
418 4 A web page of others may not do this.|
429 4 A wrong password came a moment ago: try again in a second.|Retry-After: 1
501 2 The body must come as it is.|
503 3 The phone runs in safe mode and does nothing for others.|
"""


class Post:
    """`request`: wire/serve.py; `credentials`: the local ones, b"" for none; `errands()`: core/errands.py;
    None where nothing is done for others; locked: a wrong password came a moment ago; `peer`: who it is."""

    def __init__(self, request, credentials, errands, locked, peer):
        self.whole = False  # the body is here, and nobody waits for the sender any more
        self.behind = False  # somebody else's credentials are being asked about first
        self.wrong = False  # the credentials were: no others are looked at for a while
        self._authorization = request.authorization
        self._errands = errands
        self._peer = peer
        self._form = execute.Form()
        self._left = 0
        # Without local credentials nothing is right: any stand-in for them could be brought by somebody.
        self._right = bool(credentials) and basic.is_right(self._authorization, credentials)
        self._status = self._judge(request, credentials, locked)
        self.waits = not self._status and request.chunks and b"expect" in request.post  # for CONTINUE

    def _judge(self, request, credentials, locked):
        """The status of the refusal that the head is worth, or 0."""
        fields = request.post
        if fields is None:
            return 405
        if b"origin" in fields or b"sec-fetch-site" in fields:
            return 418
        if not self._errands:
            return 503
        can_ask = self._errands().can_ask
        if not (credentials or can_ask):
            return 403
        if not self._authorization:
            return 401
        if locked:
            return 429
        if not (self._right or can_ask):
            self.wrong = True
            return 401
        return self._framing(fields)

    def _framing(self, fields):
        coding, length = fields.get(b"transfer-encoding"), fields.get(b"content-length")
        if coding is not None:
            if length is not None:
                return 400  # RFC 9112 6.1: perhaps smuggled
            return 411 if coding.lower() == b"chunked" else 501
        if length is None:
            return 411
        if not length.isdigit():
            return 400
        if len(length.lstrip(b"0")) > _LENGTH_DIGITS or int(length) > BODY_MAX:
            return 413
        kind = fields.get(b"content-type", b"").lower().partition(b";")[0].strip()
        if kind not in (b"application/x-www-form-urlencoded", b""):
            return 415
        if fields.get(b"expect", b"100-continue").lower() != b"100-continue":
            return 417
        self._left = int(length)
        return 0

    def feed(self, view):
        """The next bytes of the body; what comes behind it is passed over."""
        part = view[: self._left]
        self._left -= len(part)
        if len(part) and not self._status:
            self._form.feed(part)
        self.whole = self.whole or not self._left

    def reply(self, now):
        """(head, body, effects) of the answer; None: more of the body, or a verdict, is to come."""
        if self._status:
            return self._refused(self._status)
        if not self._right:
            verdict = self._errands().judge(self._authorization, now)
            self.behind = verdict is False
            if verdict is None or self.behind:
                return None
            if verdict:
                self.wrong = verdict == WRONG
                return self._refused(401, verdict)
            self._right = True
        if not self.whole:
            return None
        items = self._form.finish()
        if isinstance(items, str):
            return _answer(execute.error(1, items)) + ([],)
        results, out = self._errands().do(items, self._peer, now)
        return _answer(execute.answer(results)) + (out,)

    def _refused(self, status, said=""):
        number, _, rest = _SAID.partition("\n%d " % status)[2].partition("\n")[0].partition(" ")
        known, _, more = rest.partition("|")
        if status == 418:  # there is no word for it in HTTP
            status = 403
        body = execute.error(int(number), said or known)
        return _answer(body, status, known, more and more + "\r\n") + ([],)


def _answer(body, status=200, reason="OK", more=""):
    return serve.head(status, reason, execute.KIND, len(body), more), body
