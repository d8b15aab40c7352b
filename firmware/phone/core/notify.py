"""Notify: a page has the phone tell a server of something, by a POST of its own (services-xml.md section 8).

    letter --> TRY --answered--> over       --silence, refusal, 5xx--> again after a while, three times in all
                 \\__ 4xx: over, and said

Beside whatever the person does; no page comes of it, no cookie goes with it and none is kept.
"""

from collections import namedtuple

from micropython import const

from phone.core.fetch import HEADER, Fetch
from phone.core.machine import Machine
from phone.core.outcome import FAILED, WELL
from phone.core.result import Context
from phone.events import Write
from phone.phrases import phrase
from phone.wire import url as urls

TRIES = const(3)
AGAIN_MS = const(3000)  # long enough for a server that starts anew, short enough to be news
LETTERS_MAX = const(4)  # that wait: more is a page that went wrong
_BASE64 = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="

# `secret`: Basic credentials as in the URI, "" for none; `data`: str.
Letter = namedtuple("Letter", ("url", "secret", "data"))


def letter(rest):
    """What follows Notify: as a Letter, or None: http:<host>:<port>:<path>[:<credentials>[:<data>]]."""
    parts = rest.split(":")
    if len(parts) < 4 or parts[0].strip().lower() not in urls.PORTS:
        return None
    scheme, host, port, path = [part.strip() for part in parts[:4]]
    url = urls.split("%s://%s:%s/%s" % (scheme.lower(), host.strip("/"), port, path.lstrip("/")))
    secret = parts[4].strip() if len(parts) > 4 else ""
    if not url or secret.encode().strip(_BASE64):
        return None
    return Letter(url, secret, ":".join(parts[5:]))


class Notifier(Machine):
    """`own`: core/settings.py Own, for the parts of the phone; `requests`: core/run.py; `tell(said, now)`
    shows a phrase for a while.
    """

    aid = "notify"

    def __init__(self, own, requests, tell):
        self._own = own
        self._requests = requests
        self._tell = tell
        self._letters = []
        self._fetch = None
        self._tries = 0
        self._due = 0  # ms of the next try

    def send(self, letter, now):
        """Take a Letter; effects."""
        if len(self._letters) < LETTERS_MAX:
            self._letters.append(letter)
            if len(self._letters) == 1:
                self._due = now
        return self.tick(now)

    def tick(self, now):
        out = []
        if self._fetch:
            out = self._fetch.tick(now)
            if self._fetch.outcome:
                out += self._settle(now)
        if self._letters and not self._fetch and now >= self._due:
            if not self._own.net.has_room(self._letters[0].url):
                self._due = now + AGAIN_MS
                return out
            self._tries += 1
            self._fetch = _Post(self._letters[0], self._requests, now)
            out += self._fetch.tick(now)
        return out

    def receive(self, event, now):
        if not self._fetch or self._fetch.conn != event.conn:
            return None
        return self._fetch.receive(event, now)

    def deadline(self):
        if self._fetch:
            return self._fetch.deadline()
        return self._due if self._letters else None

    def cancel(self, now):
        """The network is gone, or memory is short: once more, later; effects."""
        fetch, self._fetch = self._fetch, None
        self._due = now + AGAIN_MS
        return fetch.cancel() if fetch else []

    def _settle(self, now):
        fetch, self._fetch = self._fetch, None
        outcome, host = fetch.outcome, fetch.url.host
        said = phrase("%s was notified.", host)
        if outcome.word != WELL or outcome.status >= 400:
            said = phrase("Not notified: %s %s.", host, outcome.text)
            if outcome.word != WELL and self._tries < TRIES:
                self._due = now + AGAIN_MS
                return self._own.journal.say(said, now)
            self._tell(said, now)
        self._letters.pop(0)
        self._tries, self._due = 0, now
        return self._own.journal.say(said, now)


class _Post(Fetch):
    """One try. It is told as a probe is, without cookies; the head of the answer is enough."""

    def __init__(self, letter, requests, now):
        self._secret = letter.secret
        target = Context("", None, letter.url, False, False, True, _form(letter.data))
        Fetch.__init__(self, target, requests, now, False, HEADER)

    def _ask(self, now):
        head, form = Fetch._ask(self, now)
        if not self._secret:
            return [head, form]
        more = "Authorization: Basic %s\r\n\r\n" % self._secret
        return [Write(self.conn, head.data[:-2] + more.encode()), form]

    def _answered(self, now):
        status = self._response.status
        said = phrase("answered with status %d", status)
        return self._over(FAILED if status >= 500 else WELL, said, now)


def _form(data):
    from phone.wire.execute import quoted

    return b"DATA=" + quoted(data.encode()).encode()
