"""One request under way: a Fetch, whom it asks and why, told to the time line as it begins and ends."""

from phone.core.fetch import Fetch
from phone.core.result import Context, label
from phone.events import Asked
from phone.wire import http
from phone.wire.url import site

# Why it is made: the first server of a key press; the next one, after a failure; another one beside a slow
# one; a link; once more, after a page that was cut; a look in idle time; somebody pushed it; a
# picture of the page on top.
KEY, WALK, HEDGE, LINK, REPEAT, PROBE = "key", "walk", "hedge", "link", "again", "probe"
PUSH, PICTURE = "push", "picture"

_PATH_MAX = 40  # characters of the path on the time line, without the query: in it is what people type


class Run:
    """`target`: a Context. It owns nothing: `fetch` is fed by whoever owns the run."""

    def __init__(self, target, label, why, safe, fetch, number, health, counts, box):
        self._box = box
        self._counts = counts
        self.health = health  # of the site that is asked
        self.target = target
        self.origin = target  # whom it was sent to; a redirect may end elsewhere
        self.label = label
        self.why = why
        self.safe = safe  # the request may be sent twice
        self.fetch = fetch
        self._number = number

    def begin(self, now):
        """Start it; effects."""
        self._box.begin(self)
        out = self.fetch.tick(now)
        return [self._asked("", 0)] + out

    def end(self, now, word=""):
        """It is over, with its outcome or with `word`; effects."""
        self._box.end(self)
        out = self.fetch.cancel()
        word = word or self.fetch.outcome.word
        self._counts[word] = self._counts.get(word, 0) + 1
        out.append(self._asked(word, now - self.fetch.begun))
        return out

    def arrive(self, book):
        """See where it came to: a redirect may have led to another server, and the outcome is that one's."""
        target, url = self.target, self.fetch.url
        if url is not target.url and site(url) != site(target.url):
            self.health = book.health(url)
            pointer = book.at(target.service, url)
            self.target = Context(target.service, pointer, url, target.walks, False, False, None)
            self.label = label(self.target)

    def _asked(self, word, ms):
        path = self.target.url.path.partition("?")[0][:_PATH_MAX]
        return Asked(self._number, self.label, path, self.why, self.fetch.reused, ms, word)


class Requests:
    """Makes runs: what all of them share, and their numbers. `box`: core/blackbox.py, which hears of each."""

    def __init__(self, config, book, net, wall, box):
        self.config, self.book, self.net, self.wall = config, book, net, wall
        self.taste = config  # what has the language that the phone speaks now
        self.pane = 298, 144, 2  # where pages are drawn: width, height, bits of grey
        self.cookies = {}  # of core/cookies.py
        self.logins = []  # of core/logins.py
        self.counts = {}  # word -> how many came to it
        self._box = box
        self._count = 0

    def apart(self, book, net):
        """The same for another book and its net, numbered for themselves (a drill)."""
        out = Requests(self.config, book, net, self.wall, self._box)
        out.taste, out.pane, out.cookies, out.logins = self.taste, self.pane, self.cookies, self.logins
        return out

    def run(self, target, why, safe, now, probe=""):
        """A Run that has not begun; safe: the request may be sent twice."""
        self._count += 1
        fetch = Fetch(target, self, now, safe, probe)
        health = self.book.health(target.url)
        return Run(target, label(target), why, safe, fetch, self._count, health, self.counts, self._box)

    def shows(self, result, now):
        """A page that no person asked for goes on the screen."""
        self._box.shows(result, now)

    def life(self, run, now):
        """What its server says of the page beside it (Life of core/result.py), or None."""
        fields = run.fetch.outcome.fields
        if b"refresh" not in fields and b"expires" not in fields:
            return None
        from phone.core import refresh  # few servers say so

        return refresh.life(fields, self.wall.utc(now), run.target.body is not None)

    def learn(self, run, now):
        """What an answer tells beside its page: how soon its server answers, and the time of day."""
        if run.fetch.waited is not None:
            run.health.took(run.fetch.waited)
        if self.wall.wants("http"):
            date = http.date(run.fetch.outcome.fields.get(b"date", b""))
            if date is not None:
                self.wall.learn(date, "http", now)
