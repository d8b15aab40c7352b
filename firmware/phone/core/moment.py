"""A moment of the monotonic clock as a clock on the wall shows it, where the time of day is known."""


def moment(wall, ms, now, fine=False):
    """"14:05", with its date where that is not today's; fine: "14:05:09". "" while the time is unknown."""
    then, today = wall.local(ms), wall.local(now)
    if then is None:
        return ""
    clock = "%02d:%02d" % then[4:6]
    if fine:
        clock = "%s:%02d" % (clock, wall.utc(ms) % 60)
    return clock if then[:3] == today[:3] else "%d-%02d-%02d %s" % (then[:3] + (clock,))
