"""The time of day: a guest beside the monotonic clock. It decides nothing but dates.

Sources by trust: SNTP, the board's own clock, the Date of an HTTP answer. A lesser source is
heard only while no better one spoke.
"""

from phone.phrases import phrase

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_MONTHS = "January February March April May June July August September October November December"
_TRUST = {"http": 1, "clock": 2, "sntp": 3}


class Wall:
    def __init__(self, offset_minutes=0):
        self._offset = offset_minutes * 60
        self._base = None  # unix seconds at monotonic 0
        self._trust = 0

    def wants(self, source):
        """Whether no better source spoke."""
        return _TRUST.get(source, 0) >= self._trust

    def learn(self, seconds, source, now):
        if self.wants(source):
            self._trust = _TRUST.get(source, 0)
            self._base = seconds - now // 1000

    def utc(self, now):
        """Unix seconds, or None while the time is unknown."""
        return None if self._base is None else self._base + now // 1000

    def local(self, now):
        """(year, month, day, weekday 0 = Monday, hour, minute) here, or None."""
        seconds = self.utc(now)
        if seconds is None:
            return None
        days, rest = divmod(seconds + self._offset, 86400)
        return _date(days) + ((days + 3) % 7, rest // 3600, rest % 3600 // 60)

    def words(self, now):
        """(clock, date) as a person reads them: "09:41" and the phrase "Sunday, 22 November"."""
        local = self.local(now)
        if local is None:
            return "--:--", ""
        _, month, day, weekday, hour, minute = local
        weekday, month = (_DAYS.split()[weekday],), (_MONTHS.split()[month - 1],)
        date = phrase("%s, %d %s", weekday, day, month)
        if day == 1:  # where that is not a number, but "the first"
            date = phrase("%s, 1 %s", weekday, month)
        return "%02d:%02d" % (hour, minute), date

    def next_minute(self, now):
        """Milliseconds of `now` at which the clock on the screen changes, or None."""
        seconds = self.utc(now)
        return None if seconds is None else (now // 1000 + 60 - seconds % 60) * 1000


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
