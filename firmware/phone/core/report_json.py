"""The status of the phone for scripts."""

from phone.core.report import place, state
from phone.phrases import plain
from phone.wire.http import VERSION
from phone.wire.serve import quoted

_PHONE = """{"name": %s, "label": %s, "version": "%s", "uptime_s": %d, "cause": %s,
"time": %s, "time_source": %s, "mistakes": %d,
"network": {"up": %s, "address": %s, "dns": [%s]},
"requests": {%s},
"heap": %s,
"servers": ["""
_SERVER = """%s
{"server": %s, "site": %s, "place": "%s", "state": "%s", "serving": %s, "reason": %s,
 "since_s": %s, "seen_s": %s, "next_look_s": %s, "pace_ms": %d}"""


def script(report, now):
    return "application/json", _lines(report, now)


def _lines(report, now):
    config, net, heap = report.config, report.net, report.heap()
    counts = ", ".join(["%s: %d" % (quoted(word), count) for word, count in sorted(report.counts.items())])
    yield _PHONE % (
        quoted(config.name), quoted(config.label), VERSION, now // 1000, quoted(report.cause),
        _or_null(report.time(now)), _or_null(report.wall.source), len(report.mistakes),
        _bool(report.client.up), quoted(net.address), ", ".join([quoted(host) for host, _ in net.servers]),
        counts, '{"free": %d, "used": %d}' % heap if heap else "null")
    comma = ""
    for pointer, site, serves, watched in report.servers(now):
        health = pointer.health
        wait = health.not_before if health.is_asked_to_wait(now) else health.look_at if watched else None
        yield _SERVER % (
            comma, quoted(pointer.label), quoted(site), place(pointer), state(health), _bool(serves),
            quoted(plain(health.reason)), _seconds(health.since, now),
            _seconds(health.seen if health.asked else None, now), _seconds(now, wait), health.pace_ms)
        comma = ","
    if report.managers:
        from phone.core.report_managers import script as of_managers

        for piece in of_managers(report.managers, now):
            yield piece
    else:
        yield '],\n"registration": null}\n'


def _or_null(text):
    return quoted(text) if text else "null"


def _bool(value):
    return "true" if value else "false"


def _seconds(since, until):
    """Between two times in ms; null where there is none."""
    return "null" if since is None or until is None else str(max(0, until - since) // 1000)
