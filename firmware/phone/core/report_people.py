"""The first status page, for people: readable without a script, on a small screen, by a reader's voice."""

from phone.core.report import place, state
from phone.core.trouble import seconds
from phone.phrases import plain
from phone.wire.http import VERSION
from phone.wire.serve import marked

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>%s</title><style>
body{font:16px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#10253a}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3em 1em .3em 0}
tr{border-bottom:1px solid #cdd8e2}</style></head><body><h1>%s</h1><table>
"""
_PAGES = (
    ("/status.json", "for scripts"),
    ("/metrics", "for Prometheus"),
    ("/DeviceInformationX", "this phone, as XML"),
    ("/NetworkConfigurationX", "its network, as XML"),
    ("/CGI/Screenshot", "the screen, for who has its password"),
)


def people(report, now):
    return "text/html; charset=utf-8", _lines(report, now)


def _lines(report, now):
    label = marked(report.config.label)
    yield _HEAD % (label, label)
    for name, value in _facts(report, now):
        yield "<tr><th>%s</th><td>%s</td></tr>\n" % (name, marked(value))
    yield "</table><h2>Servers</h2><table>\n<tr><th>Server</th><th>Address</th>"
    yield "<th>State</th><th>Last sign</th></tr>\n"
    for pointer, site, serves, watched in report.servers(now):
        health = pointer.health
        yield "<tr><td>%s</td><td>%s</td>" % (marked(pointer.label), marked(site))
        yield "<td>%s, %s%s</td>" % (place(pointer), state(health), ", in use" if serves else "")
        yield "<td>%s</td></tr>\n" % marked(_sign(health, watched, now))
    yield "</table><h2>Other pages</h2><ul>\n"
    for path, what in _PAGES:
        yield '<li><a href="%s">%s</a>: %s</li>\n' % (path, path, what)
    yield "</ul></body></html>\n"


def _facts(report, now):
    config, net = report.config, report.net
    yield "Name", config.name
    yield "Firmware", "Everline " + VERSION
    yield "Running for", plain(seconds(now))
    yield "Started by", report.cause
    yield "Time", report.time(now) or "not known"
    yield "Network", ("address " + net.address) if report.client.up else "none"
    yield "Name servers", ", ".join([host for host, _ in net.servers]) or "none"
    if report.mistakes:
        yield "Configuration", "mistakes: %d; the phone shows them" % len(report.mistakes)


def _sign(health, watched, now):
    """What is known of a server, and what comes next."""
    said = plain(health.reason)
    if health.asked:
        said += ", %s ago" % plain(seconds(now - health.seen))
    if health.is_asked_to_wait(now):
        return said + "; it asked not to be asked for %s" % plain(seconds(health.not_before - now))
    if watched:
        said += "; next look in %s" % plain(seconds(max(0, health.look_at - now)))
    return said
