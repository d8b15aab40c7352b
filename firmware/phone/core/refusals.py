"""What answers without a page mean, as half sentences: loaded with the first of them."""

from micropython import const

from phone.phrases import phrase
from phone.wire import http

_RETRY_MIN_MS = const(5000)  # "Retry-After: 0" and nonsense: not at once, or a busy server is hammered
_RETRY_DEFAULT_MS = const(30000)  # a 503 that names no time is short of something: half a minute
_RETRY_MAX_MS = const(86400000)  # a day: what is longer is a mistake, and would last until the next start
_STATUS = {
    400: phrase("does not understand the request"),
    401: phrase("asks for a password"),
    403: phrase("does not give this page to us"),
    404: phrase("has no such page"),
    410: phrase("has this page no longer"),
}


def keeps_away(health, label, now):
    """That a server asked not to be asked (Retry-After)."""
    seconds = (health.not_before - now + 999) // 1000
    return phrase("%s asked not to be asked again for another %d s.", label, seconds)


def refusal(status, fields, wall):
    """(what a server says with a status that is none of a page, as half a sentence, ms for which it asked).
    fields: of its header; wall: unix seconds or None.
    """
    wait = _retry_after_ms(fields, wall) if status == 503 else 0
    if status >= 500:
        return broken(status, wait), wait
    if status in _STATUS:
        return phrase("%s (%d)", _STATUS[status], status), 0
    return phrase("answered with status %d", status), 0


def broken(status, wait):
    """What one says with 500 and above; wait: ms for which it asked, or 0."""
    if wait:
        return phrase("is busy and asks for %d s", wait // 1000)
    return phrase("answered with error %d", status)


def _retry_after_ms(fields, wall):
    """Retry-After (RFC 9110 10.2.3): seconds, or a date that needs the time of day (unix seconds or None)."""
    value = fields.get(b"retry-after", b"")
    wait = _RETRY_DEFAULT_MS
    if value.isdigit():
        wait = int(value[:9]) * 1000
    else:
        date = http.date(value)
        clock = http.date(fields.get(b"date", b""))  # its clock, for its wish
        if clock is None:
            clock = wall
        if date is not None and clock is not None:
            wait = (date - clock) * 1000
    return max(_RETRY_MIN_MS, min(wait, _RETRY_MAX_MS))
