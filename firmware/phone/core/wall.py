"""The time of day: a guest beside the monotonic clock. It decides nothing but dates.

Sources by trust: SNTP, the board's own clock, the Date of a call manager's answer, the Date of an HTTP
answer. A lesser source is heard only while no better one spoke.

The floor is the last time that was known for sure: a clock that was set back by a reset, or a server with
an empty battery, must not bring back certificates that have expired. What lies before it is refused, unless
SNTP says so twice: then it was the floor that was wrong.
"""

from phone.core.machine import Machine
from phone.phrases import phrase

RECORD = "time"  # of the store: five bytes
DOUBTED = phrase("A clock was not believed: it lies before what is known.")
# What is older than this firmware is no time of day.
BUILT = 1767225600  # 2026-01-01
AGREE_MS = 60000  # two answers of time servers, minutes apart, that mean the same time
KEEP_S = 21600  # six hours: how often the last known time is stored at most: 1,460 times a year

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_MONTHS = "January February March April May June July August September October November December"
_TRUST = {"http": 1, "sip": 2, "clock": 3, "sntp": 4}
_KEPT = 3  # least trust of what is stored: one web server with a wrong Date must not bind the phone


class Wall:
    def __init__(self, offset_minutes=0, floor=0):
        self.source = ""  # who said it
        self.floor = floor  # unix seconds
        self._offset = offset_minutes * 60
        self._base = None  # unix ms at monotonic 0
        self._doubt = None  # the same as SNTP said it once, against the floor

    def wants(self, source):
        """Whether no better source spoke."""
        return _TRUST.get(source, 0) >= _TRUST.get(self.source, 0)

    def learn(self, seconds, source, now, ms=0):
        """Somebody says what time it is; False where that is not taken."""
        if not self.wants(source):
            return False
        base = seconds * 1000 + ms - now
        if seconds < self.floor:
            if source != "sntp":
                return False
            doubt, self._doubt = self._doubt, base
            if doubt is None or abs(base - doubt) > AGREE_MS:
                return False
            self.floor = seconds
        if source == "sntp":
            self._doubt = None
        self.source = source
        self._base = base
        return True

    def know(self, floor, now):
        """`floor` was the time when the phone last knew it. False where what was said since lies before."""
        self.floor = max(floor, self.floor)
        if self.source == "sntp" or self._base is None or self.utc(now) >= self.floor:
            return True
        self._base, self.source = None, ""
        return False

    def worth_keeping(self, stored, now):
        """Unix seconds to be stored now, in place of `stored`; 0: not yet, or not for sure."""
        if _TRUST.get(self.source, 0) < _KEPT:
            return 0
        seconds = self.utc(now)
        return 0 if stored <= seconds < stored + KEEP_S else seconds

    def utc(self, now):
        """Unix seconds, or None while the time is unknown."""
        return None if self._base is None else (self._base + now) // 1000

    def local(self, now):
        """(year, month, day, weekday 0 = Monday, hour, minute) here, or None."""
        seconds = self.utc(now)
        return None if seconds is None else fields(seconds + self._offset)[:6]

    def month(self, number):
        """The name of a month, a phrase."""
        return (_MONTHS.split()[number - 1],)

    def words(self, now):
        """(clock, date) as a person reads them: "09:41" and the phrase "Sunday, 22 November"."""
        local = self.local(now)
        if local is None:
            return "--:--", ""
        _, month, day, weekday, hour, minute = local
        weekday, month = (_DAYS.split()[weekday],), self.month(month)
        date = phrase("%s, %d %s", weekday, day, month)
        if day == 1:  # where that is not a number, but "the first"
            date = phrase("%s, 1 %s", weekday, month)
        return "%02d:%02d" % (hour, minute), date

    def next_minute(self, now):
        """Milliseconds of `now` at which the clock on the screen changes, or None."""
        return None if self._base is None else now + 60000 - (self._base + now) % 60000


class Keeper(Machine):
    """Stores the last known time, and reads it at the start, when it becomes the floor."""

    def __init__(self, wall, store, journal):
        self._wall = wall
        self._store = store
        self._journal = journal
        self._kept = None  # unix seconds; None: the flash has not been read

    def tick(self, now):
        out = []
        if self._kept is None:
            if not self._store.ready:
                return out
            self._kept = int.from_bytes(self._store.get(RECORD) or b"", "big")
            if not self._wall.know(self._kept, now):
                out = self._journal.say(DOUBTED, now)
        seconds = self._wall.worth_keeping(self._kept, now)
        if seconds:
            self._kept = seconds
            self._store.put(RECORD, seconds.to_bytes(5, "big"), now)
        return out


def fields(seconds):
    """(year, month, day, weekday 0 = Monday, hour, minute, second) of unix seconds."""
    days, rest = divmod(seconds, 86400)
    return _date(days) + ((days + 3) % 7, rest // 3600, rest % 3600 // 60, rest % 60)


def stamp(seconds):
    """Unix seconds as ISO 8601 writes them."""
    year, month, day, _, hour, minute, second = fields(seconds)
    return "%d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day, hour, minute, second)


def _date(days):
    """(year, month, day) of a day counted from 1970-01-01, Gregorian."""
    days += 719468
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    month += 3 if month < 10 else -9
    return (year + era * 400 + (month < 3), month, day)
