"""The first status page, for people: readable without a script, on a small screen, by a reader's voice."""

from phone.core.report import place, state
from phone.core.trouble import seconds
from phone.phrases import plain
from phone.wire.http import VERSION
from phone.wire.serve import marked

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>%s</title><style>
:root{color-scheme:light dark}body{font:16px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3em 1em .3em 0}
td:nth-child(2){overflow-wrap:anywhere}tr{border-bottom:1px solid #8888}</style></head>
<body><h1>%s</h1><table>
"""
_FACTS = "Name|Firmware|Running for|Started by|Time|Network|Name servers|Configuration"
_FACT = "<tr><th>%s</th><td>%s</td></tr>\n"
_SERVERS = """</table><h2>Servers</h2><table>
<tr><th>Server</th><th>Address</th><th>State</th><th>Last sign</th></tr>
"""
_SERVER = "<tr><td>%s</td><td>%s</td><td>%s, %s%s</td><td>%s</td></tr>\n"
_FOOT = """</table><h2>Other pages</h2><ul>
<li><a href="/status.json">/status.json</a>: for scripts</li>
<li><a href="/metrics">/metrics</a>: for Prometheus</li>
<li><a href="/DeviceInformationX">/DeviceInformationX</a>: this phone, as XML</li>
<li><a href="/NetworkConfigurationX">/NetworkConfigurationX</a>: its network, as XML</li>
<li><a href="/CGI/Screenshot">/CGI/Screenshot</a>: the screen, for who has its password</li>
</ul></body></html>
"""


def people(report, now):
    return "text/html; charset=utf-8", _lines(report, now)


def _lines(report, now):
    label = marked(report.config.label)
    yield _HEAD % (label, label)
    for name, value in zip(_FACTS.split("|"), _facts(report, now)):
        yield _FACT % (name, marked(value))
    yield _SERVERS
    for pointer, site, serves, watched in report.servers(now):
        health = pointer.health
        yield _SERVER % (marked(pointer.label), marked(site), place(pointer), state(health),
                         ", in use" if serves else "", marked(_sign(health, watched, now)))
    if report.managers:
        from phone.core.report_managers import people as of_managers

        for piece in of_managers(report.managers, now):
            yield piece
    yield _FOOT


def _facts(report, now):
    config, net = report.config, report.net
    yield config.name
    yield "Everline " + VERSION
    yield plain(seconds(now))
    yield report.cause
    yield report.time(now) or "not known"
    yield "address %s" % net.address if report.client.up else "none"
    yield ", ".join([host for host, _ in net.servers]) or "none"
    yield "mistakes: %d" % len(report.mistakes)


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
