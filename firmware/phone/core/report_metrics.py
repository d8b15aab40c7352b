"""The phone in the text format of Prometheus, version 0.0.4: one line a number."""

from phone.core.report import place
from phone.wire.http import VERSION
from phone.wire.serve import quoted

# Names and what they mean, in one str each: a str of its own would take 70 bytes of a board's heap.
_PHONE = """info Which phone this is.
uptime_seconds Since the phone was started.
start_info Why the phone was started.
network_up Whether there is a network.
configuration_mistakes Mistakes in the configuration.
time_seconds The time of day; missing while it is unknown.
heap_free_bytes Memory of Python that is free.
heap_used_bytes Memory of Python that is in use."""
_SERVER = """server_well Whether the server answers, as far as is known.
server_serving Whether the next key would be served by it.
server_pace_seconds How long nearly all of its answers took to begin.
server_last_sign_seconds Since it last answered, or failed to."""
_HEAD = "# HELP everline_%s %s\n# TYPE everline_%s %s\n"


def metrics(report, now):
    return "text/plain; version=0.0.4; charset=utf-8", _lines(report, now)


def _lines(report, now):
    for line, value in zip(_PHONE.split("\n"), _phone(report, now)):
        name, _, said = line.partition(" ")
        if value:
            yield _HEAD % (name, said, name, "gauge") + "everline_%s%s\n" % (name, value)
    name = "requests_total"
    yield _HEAD % (name, "HTTP requests by what they came to.", name, "counter")
    for word, count in sorted(report.counts.items()):
        yield "everline_%s{outcome=%s} %d\n" % (name, quoted(word), count)
    for number, line in enumerate(_SERVER.split("\n")):
        name, _, said = line.partition(" ")
        yield _HEAD % (name, said, name, "gauge")
        for pointer, site, serves, _ in report.servers(now):
            health = pointer.health
            value = (_seconds(now - health.seen) if health.asked else "", _seconds(health.pace_ms),
                     int(serves), int(health.well))[3 - number]
            if value != "":
                labels = quoted(pointer.label), quoted(site), place(pointer)
                yield 'everline_%s{server=%s,site=%s,place="%s"} %s\n' % ((name,) + labels + (value,))
    if report.managers:
        from phone.core.report_managers import metrics as of_managers

        for piece in of_managers(report.managers, now):
            yield piece


def _phone(report, now):
    """What stands behind each name: labels and a value; "" where it is not known."""
    config, heap, unix = report.config, report.heap(), report.wall.utc(now)
    yield '{name=%s,label=%s,version="%s"} 1' % (quoted(config.name), quoted(config.label), VERSION)
    yield " " + _seconds(now)
    yield "{cause=%s} 1" % quoted(report.cause)
    yield " %d" % report.client.up
    yield " %d" % len(report.mistakes)
    yield "" if unix is None else "{source=%s} %d" % (quoted(report.wall.source), unix)
    for part in heap or ("", ""):
        yield part and " %d" % part


def _seconds(ms):
    return "%d.%03d" % (ms // 1000, ms % 1000)
