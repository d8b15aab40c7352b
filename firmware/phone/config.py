"""The configuration: defaults, and check(): every mistake named by its path, in a sentence.

What is right is used, what is wrong is left out and said: a typing mistake in a timer must not
take the services from a ward. The keys are described in docs/configuration.md.
"""

from collections import namedtuple

from phone.wire import url as urls

# name: what servers are told. label: what the user reads. homes: tuple of Home, first is the
# primary. backups: tuple of (service, tuple of URLs). timers: name -> ms.
Config = namedtuple("Config", ("name", "label", "homes", "backups", "timers", "utc_offset_minutes"))
# pointers: tuple of (service, tuple of URLs).
Home = namedtuple("Home", ("name", "manager", "pointers"))

SERVICES = ("services", "directory", "messages", "information")
HOMES_MAX = 16  # a screen page of servers to read through; commercial files take 5
URLS_MAX = 8  # for one service in one place
LABEL_MAX = 16  # characters that fit into the status bar of the small display
NAME_MAX = 32  # as a host name (RFC 1035 allows 63; phones use SEP and 12 digits)
OFFSET_MAX = 840  # minutes; UTC+14 is the largest there is
BYTES_MAX = 12288  # of the file: 16 homes with 4 services of two URLs; more does not fit beside the phone
MISTAKES_MAX = 20  # after so many the file is something else

# name: (default, least, most) in ms.
TIMERS = {
    # A LAN connects in 1 ms; 2 s is two lost SYNs on a bad link.
    "connect_ms": (2000, 100, 10000),
    # A slow script takes a second; a person's attention is gone at ten.
    "first_byte_ms": (2500, 100, 10000),
    # The whole answer, redirects included: what is slower than that is worse than a backup.
    "request_ms": (6000, 200, 30000),
    # A key press ends in a page or a sentence within 10 s; drawing takes the rest.
    "patience_ms": (9500, 500, 9500),
    # A server that failed is tried last for so long; doubles at each further failure.
    "rest_ms": (10000, 500, 300000),
}


def check(raw):
    """(Config, mistakes) from what the JSON file holds: mistakes are sentences, in order."""
    mistakes = []
    top = _table("", raw, ("identity", "homes", "backups", "timers", "clock"), mistakes)
    identity = _table("identity", top.get("identity", {}), ("name", "label"), mistakes)
    name = _text("identity.name", identity.get("name", "SEP000000000000"), NAME_MAX, mistakes)
    if name and not all(letter.isalpha() or letter.isdigit() or letter in "-_" for letter in name):
        mistakes.append("identity.name: only letters, digits, - and _ are allowed in it.")
        name = ""
    label = _text("identity.label", identity.get("label", ""), LABEL_MAX, mistakes)
    homes = tuple(_homes(top.get("homes", []), mistakes))
    backups = _pointers("backups", top.get("backups", {}), mistakes)
    if not mistakes and not backups and not any(home.pointers for home in homes):
        mistakes.append("homes: there is no pointer in it, so no key can show a page.")
    clock = _table("clock", top.get("clock", {}), ("utc_offset_minutes",), mistakes)
    offset = clock.get("utc_offset_minutes", 0)
    offset = _number("clock.utc_offset_minutes", offset, -OFFSET_MAX, OFFSET_MAX, mistakes) or 0
    timers = _timers(top.get("timers", {}), mistakes)
    name = name or "SEP000000000000"
    if len(mistakes) > MISTAKES_MAX:
        del mistakes[MISTAKES_MAX:]
        mistakes.append("And more: is this the right file?")
    return Config(name, label or name, homes, backups, timers, offset), mistakes


def _homes(found, mistakes):
    if not isinstance(found, list):
        mistakes.append("homes: it must be a list [...].")
        return
    if len(found) > HOMES_MAX:
        mistakes.append("homes: more than %d; the rest is left out." % HOMES_MAX)
    for number, raw in enumerate(found[:HOMES_MAX]):
        path = "homes[%d]" % number
        home = _table(path, raw, ("name", "manager", "pointers"), mistakes)
        name = _text(path + ".name", home.get("name", "Server %d" % (number + 1)), LABEL_MAX, mistakes)
        manager = _text(path + ".manager", home.get("manager", ""), urls.URL_MAX, mistakes)
        if manager and urls.scheme(manager) != "sip":
            said = '%s.manager: "%s" is not a SIP address such as sip:10.0.0.2:5060.'
            mistakes.append(said % (path, shown(manager)))
            manager = ""
        pointers = _pointers(path + ".pointers", home.get("pointers", {}), mistakes)
        yield Home(name or "Server %d" % (number + 1), manager or "", pointers)


def _pointers(path, raw, mistakes):
    out = []
    table = _table(path, raw, SERVICES, mistakes)
    for service in SERVICES:
        found = table.get(service, [])
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, list):
            mistakes.append("%s.%s: it must be a URL or a list of URLs." % (path, service))
            continue
        if len(found) > URLS_MAX:
            mistakes.append("%s.%s: more than %d URLs; the rest is left out." % (path, service, URLS_MAX))
        good = [text for text in found[:URLS_MAX] if _is_url("%s.%s" % (path, service), text, mistakes)]
        if good:
            out.append((service, tuple(good)))
    return tuple(out)


def _is_url(path, text, mistakes):
    if not isinstance(text, str):
        mistakes.append("%s: a URL must be written in quotation marks." % path)
    elif len(text) > urls.URL_MAX:
        mistakes.append("%s: the URL is longer than %d characters." % (path, urls.URL_MAX))
    elif urls.scheme(text) == "https":
        mistakes.append('%s: "%s" is an https URL; this version speaks http only.' % (path, shown(text)))
    elif urls.split(text) is None:
        mistakes.append('%s: "%s" is not an http URL such as http://10.0.0.5/menu.xml.' % (path, shown(text)))
    else:
        return True
    return False


def _timers(raw, mistakes):
    timers = {}
    table = _table("timers", raw, tuple(sorted(TIMERS)), mistakes)
    for name in sorted(TIMERS):
        default, least, most = TIMERS[name]
        value = _number("timers." + name, table.get(name, default), least, most, mistakes)
        timers[name] = default if value is None else value
    return timers


def _table(path, raw, known, mistakes):
    """The dict itself, its unknown keys named; or {} where it is none."""
    if not isinstance(raw, dict):
        mistakes.append("%s: it must be an object {...}." % (path or "configuration"))
        return {}
    if len(raw) > 4 * MISTAKES_MAX:
        mistakes.append("%s: there are %d keys in it." % (path or "configuration", len(raw)))
        return {}
    for key in sorted([str(key) for key in raw]):  # dicts of MicroPython have no order
        if key not in known:
            where = "%s.%s" % (path, shown(key)) if path else shown(key)
            mistakes.append("%s: there is no such key; known here: %s." % (where, ", ".join(known)))
    return raw


def _text(path, value, most, mistakes):
    if not isinstance(value, str):
        mistakes.append("%s: it must be a text in quotation marks." % path)
    elif len(value) > most:
        mistakes.append("%s: longer than %d characters." % (path, most))
        return value[:most]
    elif shown(value, most) != value:
        mistakes.append("%s: a character is in it that cannot be seen." % path)
    else:
        return value
    return None


def shown(text, most=60):
    """As much of `text` as can be put on a screen or into a log: no control characters, nothing that turns
    the direction of what follows.
    """
    out = ""
    for letter in text[:most]:
        code = ord(letter)
        seen = 32 <= code < 127 or code >= 160 and not (0x200B <= code <= 0x200F or 0x202A <= code <= 0x202E)
        out += letter if seen and not 0x2066 <= code <= 0x2069 else "?"
    return out


def _number(path, value, least, most, mistakes):
    if isinstance(value, bool) or not isinstance(value, int):
        mistakes.append("%s: it must be a whole number." % path)
    elif not least <= value <= most:
        mistakes.append("%s: %d is not between %d and %d." % (path, value, least, most))
    else:
        return value
    return None
