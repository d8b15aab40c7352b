"""One request under way: a Fetch, whom it asks and why, told to the time line as it begins and ends."""

from phone.core.fetch import Fetch
from phone.core.result import label
from phone.events import Asked

# Why it is made: the first server of a key press; the next one, after a failure; another one beside a slow
# one; a link; once more, after a page that was cut; a look in idle time.
KEY, WALK, HEDGE, LINK, AGAIN, PROBE = "key", "walk", "hedge", "link", "again", "probe"
# What it came to, beside the outcomes of a Fetch: another server was quicker; nobody wants it any more.
LOST, GIVEN_UP = "lost", "given up"

_PATH_MAX = 40  # characters of the path on the time line


class Run:
    """`target`: a Context. It owns nothing: `fetch` is fed by whoever owns the run."""

    def __init__(self, target, label, why, fetch, number):
        self.target = target
        self.label = label
        self.why = why
        self.fetch = fetch
        self._number = number

    def begin(self, now):
        """Start it; effects."""
        out = self.fetch.tick(now)
        return [self._asked("", 0)] + out

    def end(self, now, word=""):
        """It is over, with its outcome or with `word`; effects."""
        out = self.fetch.cancel()
        out.append(self._asked(word or self.fetch.outcome.word, now - self.fetch.begun))
        return out

    def _asked(self, word, ms):
        path = self.target.url.path[:_PATH_MAX]
        return Asked(self._number, self.label, path, self.why, self.fetch.reused, ms, word)


class Requests:
    """Makes runs: what all of them share, and their numbers."""

    def __init__(self, config, book, net, wall):
        self._config = config
        self._book = book
        self._net = net
        self._wall = wall
        self._count = 0

    def run(self, target, why, now, safe, probe=""):
        """A Run that has not begun."""
        self._count += 1
        wall = self._wall.utc(now)
        fetch = Fetch(target.url, self._config, self._net, now, wall, self._book.may_ask, safe, probe)
        return Run(target, label(target), why, fetch, self._count)
