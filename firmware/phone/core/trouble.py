"""What an answer without a page means, and what is said to the person about it."""

from micropython import const

from phone.core.result import label
from phone.wire import http

_RETRY_MIN_MS = const(5000)  # "Retry-After: 0" and nonsense: not at once, or a busy server is hammered
_RETRY_DEFAULT_MS = const(30000)  # a 503 that names no time is short of something: half a minute
_RETRY_MAX_MS = const(86400000)  # a day: what is longer is a mistake, and would last until the next start
_STATUS = {
    400: "does not understand the request",
    401: "asks for a password",
    403: "does not give this page to us",
    404: "has no such page",
    410: "has this page no longer",
}

NO_NETWORK = "The phone has no network."
NO_ROOM = "The page needs more memory than the phone has."
NO_ADDRESS = "No address is configured for this key."


def what(context):
    """What was asked for."""
    name = context.service[0].upper() + context.service[1:]
    return name if context.walks else "%s, %s" % (name, context.url.path[:40])


def sentences(tried, more, up):
    """What is said when no server gave the page, each sentence once: two pointers may lead to one server."""
    out = [] if up else [NO_NETWORK]
    for said in [said for _, said in tried] + more:
        if said not in out:
            out.append(said)
    return out


def excuse(target, tried):
    """Why the page comes from a backup, in a line; tried: (label, sentence) of those that did not give it."""
    if target.pointer and target.pointer.home == 0:
        return ""
    for name, said in tried:
        if name != label(target):
            return "From %s, since %s" % (label(target), said)
    return ""


def keeps_away(health, label, now):
    """That a server asked not to be asked (Retry-After)."""
    seconds = (health.not_before - now + 999) // 1000
    return "%s asked not to be asked again for another %d s." % (label, seconds)


def not_ours(reference, scheme):
    """Why an address on a page cannot be followed."""
    if scheme not in ("", "http", "https"):
        return "This phone cannot do %s: yet." % reference[: len(scheme)]
    return 'The address "%s" cannot be used.' % reference[:40]


def refused(status):
    """What a live server says with a status below 500, as half a sentence."""
    return "%s (%d)" % (_STATUS[status], status) if status in _STATUS else "answered with status %d" % status


def broken(status, wait):
    """The same for 500 and above; wait: ms for which it asked, or 0."""
    return "is busy and asks for %d s" % (wait // 1000) if wait else "answered with error %d" % status


def retry_after_ms(fields, wall):
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


def seconds(ms):
    """Milliseconds as a person says them: "12 ms", "2.5 s", "3 min"."""
    if ms < 1000:
        return "%d ms" % ms
    if ms < 120000:
        return "%d.%d s" % (ms // 1000, ms % 1000 // 100)
    return "%d min" % (ms // 60000)
