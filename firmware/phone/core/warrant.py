"""May these credentials have the phone do something? The authentication URL knows, or one of its backups.

    judge --> ASK first --AUTHORIZED--> yes, remembered for a minute     --UN-AUTHORIZED--> no
                |  \\__ silence, refusal, error, any other words --> ASK next --> ... nobody left: no

Phones of others do not check a password themselves: a server does (services-xml.md section 12). Where it dies
every push fails with it. Here it has backups: who does not give one of the two words is no answer, and the
next is asked; who failed last time is asked last. The phone itself never waits for it.

A question has the password in its address. So it is on no time line and in no line of the account, and
no redirect is followed with it.
"""

from micropython import const

from phone.core.fetch import Fetch
from phone.core.outcome import FAILED, WELL
from phone.core.result import Context
from phone.phrases import phrase
from phone.wire import execute, url as urls

ASK_MS = 8000  # for all of them together: programs that push wait for ten seconds and more
GOOD_MS = 60000  # for which a yes counts: a withdrawn password is out within a minute
BAD_MS = 1000  # and a no, for who waits for it
GIVEN_MAX = 400  # characters of the field Authorization: two of 128, as base64 makes them
_WORD_MAX = const(40)  # bytes of an answer: what is longer is a page
WRONG = "The user name or the password is wrong."
NOBODY = "No authentication server answered."


class Warrant:
    """`config`, `book`, `net`, `journal`, `requests` (core/run.py): those of the phone."""

    def __init__(self, config, book, net, journal, requests):
        self._config = config
        self._book = book
        self._journal = journal
        self._requests = requests
        self._urls = [urls.split(text) for text in config.push.authentication]
        self._known = b""  # the credentials that were asked about last
        self._verdict = ""  # "" for yes, or what is said to who brought them
        self.until = 0  # ms; that counts
        self._asking = b""  # the credentials that are being asked about
        self._left = []  # whom to ask yet
        self._fetch = None
        self._late = 0  # ms; of the whole

    @property
    def can_ask(self):
        return bool(self._urls)

    @property
    def busy(self):
        """Whether somebody waits for an answer."""
        return bool(self._asking)

    def judge(self, authorization, now):
        """"" for yes, WRONG, NOBODY, or None: that is being asked, and the same question may be put again.
        False: another one is being asked, and this one comes after it."""
        if authorization == self._known and now < self.until:
            return self._verdict
        if len(authorization) > GIVEN_MAX:
            return WRONG
        if not self._asking:
            self._asking = authorization
            well = [url for url in self._urls if self._book.health(url).well]
            self._left = well + [url for url in self._urls if url not in well]
            self._late = now + ASK_MS
        return None if authorization == self._asking else False

    def tick(self, now, is_free):
        """Go on; is_free: a connection may be opened for it. Effects."""
        if not self._asking:
            return []
        if now >= self._late:
            return self._over(NOBODY, now)
        out = self._fetch.tick(now) if self._fetch else []
        while self._asking and (is_free or self._fetch):
            if self._fetch and not self._fetch.outcome:
                break
            out += self._settle(now) if self._fetch else self._next(now)
        return out

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not ours."""
        if not self._fetch or self._fetch.conn != event.conn:
            return None
        return self._fetch.receive(event, now)

    def deadline(self):
        """When tick() is due, or None."""
        if not self._asking:
            return None
        return min(self._late, self._fetch.deadline()) if self._fetch else self._late

    def cancel(self):
        """Nobody waits any more, or there is no network; effects."""
        self._asking = b""
        fetch, self._fetch = self._fetch, None
        return fetch.cancel() if fetch else []

    def _next(self, now):
        if not self._left:
            return self._over(NOBODY, now)
        url = self._left.pop(0)
        where = execute.question(url, self._asking, self._config.name)
        if not where:
            return self._over(WRONG, now)
        self._fetch = _Question(url, where, self._requests, now)
        return self._fetch.tick(now)

    def _settle(self, now):
        """One of them has answered, or has not."""
        fetch, self._fetch = self._fetch, None
        outcome, health = fetch.outcome, self._book.health(fetch.site)
        was = health.reason
        if outcome.word == WELL:
            health.good(outcome.text, now, 1)
            if fetch.word == b"AUTHORIZED":
                return self._over("", now)
            if fetch.word == b"UN-AUTHORIZED":
                return self._over(WRONG, now)
        else:
            health.bad(outcome.text, now)
        if outcome.text == was:  # told already: whoever likes can have a dead server asked all day
            return []
        return self._journal.say(phrase("Authentication: %s %s.", fetch.site.host, outcome.text), now)

    def _over(self, verdict, now):
        self._known, self._verdict = self._asking, verdict
        self.until = now + (BAD_MS if verdict else GOOD_MS)
        return self.cancel()


class _Question(Fetch):
    """site: the Url without credentials; word: what was answered, where that is short."""

    def __init__(self, site, url, requests, now):
        self.site = site
        self.word = b""
        target = Context("", None, url, False, False, False, None)
        Fetch.__init__(self, target, requests, now, False, True)

    def _take(self, view):
        self.word = (self.word + bytes(view[:_WORD_MAX])).lstrip()[: _WORD_MAX + 1]
        if len(self.word) > _WORD_MAX:
            self._body = 1 << 20  # enough: it is a page

    def _answered(self, now):
        status = self._response.status
        self.word = self.word.strip()
        if status >= 500:
            return self._over(FAILED, phrase("answered with error %d", status), now)
        if status != 200 or self.word not in (b"AUTHORIZED", b"UN-AUTHORIZED"):
            self.word = b""
            return self._over(WELL, phrase("says neither yes nor no (%d)", status), now)
        return self._over(WELL, phrase("answered"), now)
