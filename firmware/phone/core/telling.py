"""What call managers tell of themselves, as far as it comes often; what follows from the rest is in deeds.py,
which is loaded with it.
"""

from phone.core.asking import BUSY, DEAD, GOOD, JOIN, POLL, RELEASE
from phone.wire import http

# Kinds of answers that are counted one by one. There are a dozen in a year; a manager that says something
# else each time, from 200 to 699, would fill the heap of a small board with them.
COUNTS_MAX = 40
OTHERS = "others"


class Telling:
    """The half of Managers that acts on outcomes."""

    def __init__(self, book, journal, store, wall):
        self.book = book
        self.journal = journal
        self.store = store
        self.wall = wall
        self.left = ""  # the phone left its home, as a phrase
        self.kept = None  # what was kept last
        self.rounds = 0  # rests since the phone was registered

    def say(self, said, now):
        return self.journal.say(said, now)

    def count(self, method, word):
        """One more request came to this."""
        word = (method + " " + word).strip()
        if word not in self.counts and len(self.counts) >= COUNTS_MAX:
            word = OTHERS
        self.counts[word] = self.counts.get(word, 0) + 1

    def over(self, manager, job, result, message, now):
        """A job is over: effects. message: its answer, or None."""
        home = self._home
        if job in (POLL, RELEASE):  # a release stands in the place of a poll: it is a sign as well
            if result == BUSY:
                from phone.core.deeds import wished_ms

                home.busy(manager, wished_ms(message), now)
            home.polled(manager, result not in (DEAD, BUSY), now)
            if job == RELEASE and manager.number < 0:
                self.gather(now)  # it may have been left out of what was told
            return []
        if result == GOOD:
            return self._good(manager, job, message, now)
        if manager is not home.target and manager is not home.at:
            return []  # it was given up meanwhile
        from phone.core.deeds import bad

        return bad(self, manager, result, message, now)

    def _good(self, manager, job, message, now):
        home, out = self._home, []
        if job == JOIN and manager is home.target:
            from phone.core.deeds import joined

            out = joined(self, manager, now)
        if message and manager is home.at and manager.home:
            if self.wall.wants("sip"):
                date = http.date(message.get(b"date"))
                if date is not None:
                    self.wall.learn(date, "sip", now)
            out += self.teaching.answered(manager.label, message, now)
            home.spread_ms = self.teaching.spread_ms
        return out
