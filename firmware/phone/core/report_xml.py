"""Two pages that other desk phones have under these names, so that what reads those can read this phone.

Elements are theirs. What this phone does not have is empty; what is not known to be asked for is left out.
"""

from micropython import const

from phone.wire.http import VERSION
from phone.wire.serve import marked
from phone.wire.url import site

_MANAGERS_MAX = const(5)  # elements that there are
_URLS = (("InformationURL", "information"), ("DirectoriesURL", "directory"), ("MessagesURL", "messages"),
         ("ServicesURL", "services"))


def elements(report, path, now):
    return "text/xml; charset=utf-8", _lines(report, path, now)


def _lines(report, path, now):
    root = path[1:-1]
    yield '<?xml version="1.0" encoding="utf-8"?>\n<%s>\n' % root
    for name, value in _network(report) if root == "NetworkConfiguration" else _device(report, now):
        yield "<%s>%s</%s>\n" % (name, marked(value), name)
    yield "</%s>\n" % root


def _device(report, now):
    name, local = report.config.name, report.wall.local(now)
    minutes = report.config.utc_offset_minutes
    yield "MACAddress", _mac(name)
    yield "HostName", name
    yield "phoneDN", ""
    yield "appLoadID", "everline." + VERSION
    yield "bootLoadID", ""
    yield "versionID", "Everline " + VERSION
    yield "addonModule1", ""
    yield "addonModule2", ""
    yield "hardwareRevision", ""
    yield "serialNumber", _mac(name)
    yield "modelNumber", "Everline"
    yield "MessageWaiting", "No"
    yield "udi", "phone, Everline %s, %s" % (VERSION, name)
    yield "time", "%02d:%02d" % local[4:] if local else ""
    yield "timeZone", "UTC%s%02d:%02d" % ("-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60)
    yield "date", "%02d/%02d/%02d" % (local[1], local[2], local[0] % 100) if local else ""


def _network(report):
    yield "MACAddress", _mac(report.config.name)
    yield "HostName", report.config.name
    yield "IPAddress", report.net.address
    for number, (host, _) in enumerate(report.net.servers):
        yield "DNSServer%d" % (number + 1), host
    managers = [home.manager for home in report.config.homes if home.manager]
    for number, manager in enumerate(managers[:_MANAGERS_MAX]):
        host = manager.partition(":")[2].partition(";")[0].partition("?")[0]
        yield "CallManager%d" % (number + 1), host.rpartition("@")[2]  # who logs in there is not told
    for element, service in _URLS:
        pointers = report.book.of(service)
        url = pointers[0].url if pointers else None  # its query may hold a secret
        yield element, site(url) + url.path.partition("?")[0] if url else ""


def _mac(name):
    """The 12 digits of a name such as SEP001122334455, or ""."""
    digits = name[3:].upper()
    return digits if len(digits) == 12 and all([digit in "0123456789ABCDEF" for digit in digits]) else ""
