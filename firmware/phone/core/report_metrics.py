"""The phone in the text format of Prometheus, version 0.0.4: one line a number."""

from phone.wire.http import VERSION
from phone.wire.serve import quoted


def metrics(report, now):
    return "text/plain; version=0.0.4; charset=utf-8", _lines(report, now)


def _lines(report, now):
    config, heap, unix = report.config, report.heap(), report.wall.utc(now)
    labels = 'name=%s,label=%s,version="%s"' % (quoted(config.name), quoted(config.label), VERSION)
    yield _one("info", "Which phone this is.", 1, labels)
    yield _one("uptime_seconds", "Since the phone was started.", _seconds(now))
    yield _one("start_info", "Why the phone was started.", 1, "cause=" + quoted(report.cause))
    yield _one("network_up", "Whether there is a network.", int(report.client.up))
    yield _one("configuration_mistakes", "Mistakes in the configuration.", len(report.mistakes))
    if unix is not None:
        source = "source=" + quoted(report.wall.source)
        yield _one("time_seconds", "The time of day; missing while it is unknown.", unix, source)
    if heap:
        yield _one("heap_free_bytes", "Memory of Python that is free.", heap[0])
        yield _one("heap_used_bytes", "Memory of Python that is in use.", heap[1])
    yield _head("requests_total", "counter", "HTTP requests by what they came to.")
    for word, count in sorted(report.counts.items()):
        yield "everline_requests_total{outcome=%s} %d\n" % (quoted(word), count)
    for name, said, value in (
        ("server_well", "Whether the server answers, as far as is known.", _well),
        ("server_serving", "Whether the next key would be served by it.", _serving),
        ("server_pace_seconds", "How long nearly all of its answers took to begin.", _pace),
        ("server_last_sign_seconds", "Since it last answered, or failed to.", _sign),
    ):
        yield _head(name, "gauge", said)
        for pointer, site, serves, _ in report.servers(now):
            number = value(pointer.health, serves, now)
            if number is not None:
                place = "primary" if pointer.home == 0 else "backup"
                yield 'everline_%s{server=%s,site=%s,place="%s"} %s\n' % (
                    name, quoted(pointer.label), quoted(site), place, number)


def _head(name, kind, said):
    return "# HELP everline_%s %s\n# TYPE everline_%s %s\n" % (name, said, name, kind)


def _one(name, said, value, labels=""):
    return "%severline_%s%s %s\n" % (_head(name, "gauge", said), name, labels and "{%s}" % labels, value)


def _seconds(ms):
    return "%d.%03d" % (ms // 1000, ms % 1000)


def _well(health, serves, now):
    return int(health.well)


def _serving(health, serves, now):
    return int(serves)


def _pace(health, serves, now):
    return _seconds(health.pace_ms)


def _sign(health, serves, now):
    return _seconds(now - health.seen) if health.asked else None
