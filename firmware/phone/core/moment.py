"""A moment of the monotonic clock as a clock on the wall shows it, where the time of day is known."""

from phone.phrases import phrase


def moment(wall, ms, now, fine=False):
    """The phrase "14:05", with its date where that is not today's; fine: "14:05:09". "" while the time is
    unknown.
    """
    then, today = wall.local(ms), wall.local(now)
    if then is None:
        return ""
    _, month, day, _, hour, minute = then
    clock = phrase("%02d:%02d", hour, minute)
    if fine:
        clock = phrase("%02d:%02d:%02d", hour, minute, wall.utc(ms) % 60)
    return clock if then[:3] == today[:3] else phrase("%d %s, %s", day, wall.month(month), clock)
