"""The status of the phone for scripts."""

from phone.core.report import place, state
from phone.phrases import plain
from phone.wire.http import VERSION
from phone.wire.serve import quoted


def script(report, now):
    return "application/json", _lines(report, now)


def _lines(report, now):
    config, net, heap = report.config, report.net, report.heap()
    yield '{"name": %s, "label": %s, ' % (quoted(config.name), quoted(config.label))
    yield '"version": "%s", "uptime_s": %d, "cause": %s,\n' % (VERSION, now // 1000, quoted(report.cause))
    time = report.time(now)
    yield '"time": %s, "time_source": %s, ' % (_or_null(time), _or_null(report.wall.source))
    yield '"mistakes": %d,\n"network": {"up": %s, ' % (len(report.mistakes), _bool(report.client.up))
    hosts = ", ".join([quoted(host) for host, _ in net.servers])
    yield '"address": %s, "dns": [%s]},\n"requests": {' % (quoted(net.address), hosts)
    yield ", ".join(["%s: %d" % (quoted(word), count) for word, count in sorted(report.counts.items())])
    yield '},\n"heap": %s,\n"servers": [' % ('{"free": %d, "used": %d}' % heap if heap else "null")
    comma = ""
    for pointer, site, serves, watched in report.servers(now):
        health = pointer.health
        yield '%s\n{"server": %s, "site": %s, ' % (comma, quoted(pointer.label), quoted(site))
        yield '"place": "%s", "state": "%s", "serving": %s, ' % (place(pointer), state(health), _bool(serves))
        yield '"reason": %s, ' % quoted(plain(health.reason))
        since, seen = health.since, health.seen if health.asked else None
        yield '"since_s": %s, "seen_s": %s, ' % (_seconds(since, now), _seconds(seen, now))
        wait = health.not_before if health.is_asked_to_wait(now) else health.look_at if watched else None
        yield '"next_look_s": %s, "pace_ms": %d}' % (_seconds(now, wait), health.pace_ms)
        comma = ","
    yield "]}\n"


def _or_null(text):
    return quoted(text) if text else "null"


def _bool(value):
    return "true" if value else "false"


def _seconds(since, until):
    """Between two times in ms; null where there is none."""
    return "null" if since is None or until is None else str(max(0, until - since) // 1000)
