"""What follows from what call managers do, in deeds and in words: where the phone goes, what the journal says
of it, what is kept over a loss of power.
"""

from phone.core.asking import BUSY, DEAD, GOOD, JOIN, MOVED, POLL, REFUSED, RELEASE
from phone.core.home import BACK, HERE
from phone.core.trouble import seconds
from phone.phrases import phrase, plain
from phone.wire import http

_ROUNDS_SAID = 5  # rests that are told: they have grown to five minutes by then
# Kinds of answers that are counted one by one. There are a dozen in a year; a manager that says something
# else each time, from 200 to 699, would fill the heap of a small board with them.
COUNTS_MAX = 40
OTHERS = "others"


class Telling:
    """The half of Managers that acts on outcomes."""

    def __init__(self, book, journal, store, wall):
        self._book = book
        self._journal = journal
        self._store = store
        self._wall = wall
        self._why = ""  # the phone left its home, as a phrase
        self._kept = None  # what was kept last
        self._rounds = 0  # rests since the phone was registered

    def say(self, said, now):
        return self._journal.say(said, now)

    def count(self, method, word):
        """One more request came to this."""
        word = (method + " " + word).strip()
        if word not in self.counts and len(self.counts) >= COUNTS_MAX:
            word = OTHERS
        self.counts[word] = self.counts.get(word, 0) + 1

    # --- what a Manager tells of itself --------------------------------------------------------------

    def doubts(self, manager, reason, now):
        """The home did not answer a keep-alive; effects."""
        self._home.miss(now)
        return self.say(phrase("%s %s: it is asked once more.", manager.label, reason), now)

    def forgotten(self, manager, status, now):
        """The home answers, and does not know the phone any more; effects."""
        self._home.miss(now)
        said = phrase("%s may have lost the registration (%d): once more.", manager.label, status)
        return self.say(said, now)

    def over(self, manager, job, result, message, now):
        """A job is over: effects. message: its answer, or None."""
        home = self._home
        if job in (POLL, RELEASE):  # a release stands in the place of a poll: it is a sign as well
            if result == BUSY:
                home.busy(manager, _wished_ms(message), now)
            home.polled(manager, result not in (DEAD, BUSY), now)
            return []
        if result == GOOD:
            return self._good(manager, job, message, now)
        if manager is not home.target and manager is not home.at:
            return []  # it was given up meanwhile
        return self._bad(manager, result, message, now)

    def _good(self, manager, job, message, now):
        home, out = self._home, []
        if job == JOIN and manager is home.target:
            out = self._joined(manager, now)
        if message and manager is home.at and manager.home:
            if self._wall.wants("sip"):
                date = http.date(message.get(b"date"))
                if date is not None:
                    self._wall.learn(date, "sip", now)
            out += self.teaching.answered(manager.label, message, now)
            home.spread_ms = self.teaching.spread_ms
        return out

    def _joined(self, manager, now):
        """It has taken the phone: it is the home now; effects."""
        home = self._home
        back = home.state == BACK
        old = home.registered(now)
        manager.home = True
        self._rounds = 0
        if old:
            old.leave(now)
        self._book.move(self._place(manager), now)  # all of it before a word, for which there may be no room
        if back:
            wait = seconds(now - manager.good_since)
            said = phrase("Back at %s, which was well for %s.", manager.label, wait)
        elif old and self._why:
            said = phrase("Registered at %s, since %s", manager.label, self._why)
        else:
            said = phrase("Registered at %s.", manager.label)
        self._why = ""
        out = self.say(said, now)
        if old:
            self.count("moves", "")
            if back:
                out += old.ask(RELEASE, now)
            if old.number < 0:
                self.gather(now)  # it may have been left out of what was told
        if old or self._place(manager) != (self._kept.home if self._kept else 0):
            self.keep(said, now)
        return out

    def _bad(self, manager, result, message, now):
        """The home, or the one that was to become it, does not take the phone; effects."""
        home, said = self._home, phrase("%s %s.", manager.label, manager.reason)
        out = []
        first = None
        if result == BUSY:
            wait = _wished_ms(message)
            home.busy(manager, wait, now)
            if wait:
                said = phrase("%s is busy (503) for %s.", manager.label, seconds(wait))
        elif result == MOVED:
            first = self._meant(message)
            said = self._points(manager, message, first)
        if result in (REFUSED, MOVED):
            home.refused(manager, now)
        if manager.told != said:
            manager.told = said
            out += self.say(said, now)
        if manager is home.target:
            home.failed(now, first)
        elif home.state in (HERE, BACK):
            hold = home.hold_ms
            home.leave(now, result == BUSY, first)
            manager.leave(now)
            self._why = said
            if home.hold_ms > hold:
                wait = seconds(home.hold_ms)
                more = phrase("%s was left again: it has to be well for %s now.", manager.label, wait)
                out += self.say(more, now)
        return out  # kept once it is elsewhere: a record has few changes before it has to wait

    def _meant(self, message):
        """The known Manager to which a 302 sends the phone, or None."""
        from phone.core import calling

        place = calling.target(message)
        for manager in self.list:
            here = [(manager.host, manager.port or calling.PORT)] + manager.targets
            if place and (place[0], place[1] or calling.PORT) in here:
                return manager
        return None

    def _points(self, manager, message, first):
        if first:
            return phrase("%s sends the phone to %s.", manager.label, first.label)
        from phone.core.calling import target

        place = target(message)
        host = place[0] if place else "-"
        return phrase("%s sends the phone to %s, which it does not know.", manager.label, host)

    # --- what home.py decides ------------------------------------------------------------------------

    def turns(self, manager, now):
        """The phone registers elsewhere now; effects."""
        if self._home.state == BACK:
            return self.say(phrase("%s is well again: the phone returns to it.", manager.label), now)
        return []

    def rests(self, now):
        """Nobody takes the phone; effects."""
        self._rounds += 1
        if self._rounds > _ROUNDS_SAID:
            return []
        wait = seconds(self._home.due - now)
        return self.say(phrase("No call manager takes the phone. Next try in %s.", wait), now)

    def calms(self, hold, now):
        """The hold is what it was at first; effects."""
        self.keep(None, now)
        return self.say(phrase("Four quiet hours: a return takes %s again.", seconds(hold)), now)

    def bound(self, port, now):
        """The port of Bind is there, or none is free; effects."""
        was, self.port, wanted = self.port, port, self.config.sip.port
        if not port and was is None:
            said = phrase("Port %d is taken: the phone cannot register. It tries again.", wanted)
            return self.say(said, now)
        if port not in (0, wanted):
            return self.say(phrase("Port %d is taken: %d is used for SIP.", wanted, port), now)
        return []

    # --- what is kept --------------------------------------------------------------------------------

    def _place(self, manager):
        """Its number as Book.home has it: learned ones come after those of the configuration."""
        if manager.number >= 0:
            return manager.number
        others = [one for one in self.list if one.number < 0]
        return len(self.config.homes) + others.index(manager)

    def keep(self, why, now):
        """Where the phone is outlives a loss of power; why: a phrase, None: as before."""
        from phone.core import learned

        home = self._home
        place, since, hold = self._place(home.at), self._wall.utc(now) or 0, home.hold_ms // 1000
        uri = home.at.uri if home.at.number < 0 else ""
        why = plain(why) if why else self._kept.why if self._kept else ""
        self._kept = learned.Homing(place, since, hold, home.relapses, uri, why)
        self._store.put(learned.HOME, learned.pack_home(self._kept, self.config.homes), now)


def _wished_ms(message):
    """For how long who is busy wants to be left alone."""
    from phone.core.calling import seconds_of

    return seconds_of(message, b"retry-after", 0) * 1000
