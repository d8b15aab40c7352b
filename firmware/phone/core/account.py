"""The journal as a page: the last decisions, the newest first, each with its time."""

from phone.core.moment import moment
from phone.core.trouble import seconds
from phone.phrases import phrase


def lines(journal, wall, now):
    """Phrases. What happened before the time of day was known has a time of day afterwards, too."""
    return [_line(ms, said, wall, now) for ms, said in reversed(journal.lines)]


def _line(ms, said, wall, now):
    clock = moment(wall, ms, now, True)
    if clock:
        return phrase("%s %s", clock, said)
    return phrase("%s ago: %s", seconds(now - ms), said)
