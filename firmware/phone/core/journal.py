"""The account: the last decisions, in RAM.

Everything that the phone does to a server or to its screen for a reason is said here once, as a phrase: when,
what, why, with its numbers. The hands carry each line to the console and the panel link, in English; the
journal page shows the last ones.
"""

from micropython import const

from phone.events import Note
from phone.phrases import phrase, plain

NOTES_MAX = 64  # about 5 KB of a board's heap; a bad hour makes as many
NOTES_LEAST = 16  # what stays of them where there is no room for a page: a key press makes four
_NOTE_MAX = const(160)  # characters of a line of the account; what a server said may be quoted in it
CAUSES = {
    "power": phrase("The phone was switched on."),
    "reset": phrase("The phone was started anew."),
    "crash": phrase("The phone had crashed and was started anew."),
    "watchdog": phrase("The phone had stopped working and was started anew by its watchdog."),
}


def mended(mends):
    """What is said of a page with mistakes, or one that is too long: phrases."""
    count, first, cut, _ = mends
    if count:
        yield phrase("Mended on the page: %d; the first: %s.", count, first)
    if cut:
        yield phrase("The page was cut: %s.", cut)


class Journal:
    def __init__(self):
        self.lines = []  # (ms, phrase), oldest first
        self.said = 0  # how many there have been

    def start(self, cause, mistakes, now):
        """Why the phone runs, and what is wrong with its configuration; effects."""
        out = self.say(CAUSES.get(cause, CAUSES["reset"]), now)
        for mistake in mistakes:
            out += self.say(phrase("Configuration: %s", mistake), now)
        return out

    def say(self, said, now):
        """Remember one phrase; returns the effects that carry it out."""
        self.lines.append((now, said))
        self.said += 1
        if len(self.lines) > NOTES_MAX:
            self.lines.pop(0)
        return [Note(plain(said)[:_NOTE_MAX])]

    def mended(self, mends, now):
        """Remember what was wrong with a page (Mends of records.py); effects."""
        out = []
        for said in mended(mends):
            out += self.say(said, now)
        return out

    def relieve(self):
        """There is no room: the oldest lines go."""
        del self.lines[:-NOTES_LEAST]

    def replay(self, number):
        """(number, ms, text) of the first line that is kept and not before `number`, or None."""
        oldest = self.said - len(self.lines) + 1
        number = max(number, oldest)
        if number > self.said:
            return None
        ms, said = self.lines[number - oldest]
        return number, ms, plain(said)[:_NOTE_MAX]
