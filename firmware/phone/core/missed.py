"""The page of the calls that nobody took: who called, and when, the newest first."""

from phone.core.moment import moment
from phone.core.trouble import seconds
from phone.phrases import phrase


def lines(own, now):
    """Phrases, one a call; whoever looks has read them. `own`: core/settings.py Own."""
    calls = own.managers.calls if own.managers else None
    if not calls or not calls.missed:
        return [phrase("Nobody has called since the phone was started.")]
    calls.read()
    out = []
    for ms, caller in calls.missed:
        clock = moment(own.wall, ms, now)
        if clock:
            out.append(phrase("%s %s", clock, caller))
        else:
            out.append(phrase("%s ago: %s", seconds(now - ms), caller))
    return out
