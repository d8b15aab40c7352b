"""Two pages that other desk phones have under these names, so that what reads those can read this phone.

Elements are theirs. What this phone does not have is empty.
"""

from phone.wire.http import VERSION
from phone.wire.serve import marked
from phone.wire.url import site

_DEVICE = """MACAddress HostName phoneDN appLoadID bootLoadID versionID addonModule1 addonModule2
hardwareRevision serialNumber modelNumber MessageWaiting udi time timeZone date"""
_NETWORK = """MACAddress HostName IPAddress DNSServer1 DNSServer2 DNSServer3 CallManager1 CallManager2
CallManager3 CallManager4 CallManager5 InformationURL DirectoriesURL MessagesURL ServicesURL"""
_SERVICES = "information directory messages services"


def elements(report, path, now):
    return "text/xml; charset=utf-8", _lines(report, path[1:-1], now)


def _lines(report, root, now):
    names, values = _DEVICE, _device(report, now)
    if root == "NetworkConfiguration":
        names, values = _NETWORK, _network(report)
    yield '<?xml version="1.0" encoding="utf-8"?>\n<%s>\n' % root
    for name, value in zip(names.split(), values):
        yield "<%s>%s</%s>\n" % (name, marked(value), name)
    yield "</%s>\n" % root


def _device(report, now):
    name, local, minutes = report.config.name, report.wall.local(now), report.config.utc_offset_minutes
    zone = "UTC%s%02d:%02d" % ("-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60)
    time = date = ""
    if local:
        year, month, day, _, hour, minute = local
        time, date = "%02d:%02d" % (hour, minute), "%02d/%02d/%02d" % (month, day, year % 100)
    return (_mac(name), name, "", "everline." + VERSION, "", "Everline " + VERSION, "", "", "", _mac(name),
            "Everline", _waiting(report.managers), "phone, Everline %s, %s" % (VERSION, name), time, zone,
            date)


def _network(report):
    config = report.config
    yield _mac(config.name)
    yield config.name
    yield report.net.address
    for host in _padded([host for host, _ in report.net.servers], 3):
        yield host
    for manager in _padded([home for home in enumerate(config.homes) if home[1].manager], 5):
        yield _manager(manager, report.managers) if manager else ""
    for service in _SERVICES.split():
        pointers = report.book.of(service)
        url = pointers[0].url if pointers else None  # its query may hold a secret
        yield site(url) + url.path.partition("?")[0] if url else ""


def _manager(found, managers):
    """The address of a call manager, and whether it is the one in use, as desk phones have it."""
    number, home = found
    host = home.manager.partition(":")[2].partition(";")[0].partition("?")[0]
    host = host.rpartition("@")[2]  # who logs in there is not told
    active = managers and managers.registered and managers.home.number == number
    return host + (" Active" if active else "")


def _waiting(managers):
    return "Yes" if managers and managers.calls.messages else "No"


def _padded(values, count):
    return (values + [""] * count)[:count]


def _mac(name):
    """The 12 digits of a name such as SEP001122334455, or ""."""
    digits = name[3:].upper()
    return digits if len(digits) == 12 and all([digit in "0123456789ABCDEF" for digit in digits]) else ""
