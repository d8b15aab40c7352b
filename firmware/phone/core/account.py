"""The journal as a page: the last decisions, the newest first, each with its time.

Its lines become text when they are looked at: 64 of them are 8 KB, and a screen shows six.
"""

from phone.core.moment import moment
from phone.core.trouble import seconds
from phone.phrases import phrase


class Lines:
    """What a Text has as its paragraphs; say(phrase) gives text. What happened before the time of day was
    known has a time of day afterwards, too.
    """

    def __init__(self, journal, wall, say, now):
        self._lines = list(journal.lines)  # which goes on meanwhile
        self._wall = wall
        self._say = say
        self._now = now

    def __len__(self):
        return len(self._lines)

    def __getitem__(self, place):
        if place >= len(self._lines):
            raise IndexError
        ms, said = self._lines[len(self._lines) - 1 - place]
        clock = moment(self._wall, ms, self._now, True)
        if clock:
            return self._say(phrase("%s %s", clock, said))
        return self._say(phrase("%s ago: %s", seconds(self._now - ms), said))
