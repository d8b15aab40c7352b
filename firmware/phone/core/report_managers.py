"""What the status pages tell of call managers: where the phone is registered, how each one is, and what was
counted. Of the account nothing is told, not even the user: an extension leads to a person.
"""

from phone.core.report import placed
from phone.core.trouble import seconds
from phone.phrases import plain
from phone.wire.serve import marked, quoted

_TABLE = """</table><h2>Call managers</h2><p>%s</p><table>
<tr><th>Call manager</th><th>Address</th><th>State</th><th>Last word</th></tr>
"""
_ROW = "<tr><td>%s</td><td>%s</td><td>%s, %s%s</td><td>%s</td></tr>\n"
_SCRIPT = """],
"registration": {"registered": %s, "home": %s, "since_s": %s, "odd_datagrams": %d, "counts": {%s},
"managers": ["""
_MANAGER = """%s
 {"manager": %s, "uri": %s, "place": "%s", "state": "%s", "registered": %s, "reason": %s, "next_s": %s,
  "not_before_s": %s}"""
_METRICS = """manager_well Whether the call manager answers, as far as is known.
manager_registered Whether the phone is registered there."""
_HEAD = "# HELP everline_%s %s\n# TYPE everline_%s %s\n"


def people(managers, now):
    """A table of HTML, as pieces."""
    said = "Not registered."
    if managers.registered:
        said = "Registered at %s for %s." % (managers.home.label, plain(seconds(now - managers.home.since)))
    yield _TABLE % marked(said)
    for manager in managers.list:
        yield _ROW % (marked(manager.label), marked(manager.uri), placed(manager.number), _state(manager),
                      ", registered" if manager.registered else "", marked(_next(manager, now)))


def script(managers, now):
    """Members of a JSON object that follow its list of servers, as pieces."""
    here = managers.home if managers.registered else None
    counts = ", ".join(["%s: %d" % (quoted(word), count) for word, count in sorted(managers.counts.items())])
    yield _SCRIPT % (_bool(managers.registered), quoted(here.label) if here else "null",
                     (now - here.since) // 1000 if here else "null", managers.odd, counts)
    comma = ""
    for manager in managers.list:
        yield _MANAGER % (comma, quoted(manager.label), quoted(manager.uri), placed(manager.number),
                          _state(manager), _bool(manager.registered), quoted(plain(manager.reason)),
                          _until(manager.next_at, now), _until(manager.not_before or None, now))
        comma = ","
    yield "]}}\n"


def metrics(managers, now):
    """Lines for Prometheus, as pieces."""
    name = "registered"
    yield _head(name, "Whether the phone is registered.", "gauge") + _line(name, "", managers.registered)
    name = "sip_total"
    yield _head(name, "What was counted of SIP; odd: datagrams that were nothing.", "counter")
    for word, count in sorted(managers.counts.items()) + [("odd", managers.odd)]:
        yield _line(name, "{what=%s}" % quoted(word), count)
    for number, line in enumerate(_METRICS.split("\n")):
        name, _, said = line.partition(" ")
        yield _head(name, said, "gauge")
        for manager in managers.list:
            value = (manager.well, manager.registered)[number]
            if value is not None:
                labels = quoted(manager.label), quoted(manager.uri), placed(manager.number)
                yield _line(name, '{manager=%s,uri=%s,place="%s"}' % labels, value)


def _head(name, said, kind):
    return _HEAD % (name, said, name, kind)


def _line(name, labels, value):
    return "everline_%s%s %d\n" % (name, labels, value)


def _state(manager):
    return "not asked yet" if manager.well is None else "well" if manager.well else "unwell"


def _next(manager, now):
    """The last that is known of it, and what comes next."""
    said = plain(manager.reason)
    if now < manager.not_before:
        return said + "; not asked for %s" % plain(seconds(manager.not_before - now))
    if manager.next_at is None:
        return said
    return said + "; next asked in %s" % plain(seconds(max(0, manager.next_at - now)))


def _bool(value):
    return "true" if value else "false"


def _until(at, now):
    return "null" if at is None else str(max(0, at - now) // 1000)
