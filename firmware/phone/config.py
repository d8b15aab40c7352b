"""The configuration: defaults, and check(): every mistake named by its path, in a sentence.

What is right is used, what is wrong is left out and said: a typing mistake in a timer must not
take the services from a ward. The keys are described in docs/configuration.md.
"""

from collections import namedtuple

from phone.wire import url as urls

# name: what servers are told. label: what the user reads. homes: tuple of Home, first is the
# primary. backups: as the pointers of a home. timers: name -> ms. dns: tuple of (IPv4 literal, port), empty:
# those of the network. search: tuple of domains for names without a dot. language: a code of LANGUAGES.
Config = namedtuple("Config", ("name", "label", "homes", "backups", "timers", "utc_offset_minutes",
                               "dns", "search", "language"))
# pointers: tuple of (service, tuple of (URL, whether its links may be repeated)).
Home = namedtuple("Home", ("name", "manager", "pointers"))

SERVICES = ("services", "directory", "messages", "information")
LANGUAGES = ("en", "de", "fr", "es")  # the columns of words.tsv
HOMES_MAX = 16  # a screen page of servers to read through; commercial files take 5
URLS_MAX = 8  # for one service in one place
LABEL_MAX = 16  # characters that fit into the status bar of the small display
NAME_MAX = 32  # as a host name (RFC 1035 allows 63; phones use SEP and 12 digits)
OFFSET_MAX = 840  # minutes; UTC+14 is the largest there is
SERVERS_MAX = 3  # name servers: as many as a resolver usually takes (resolv.conf(5))
SEARCH_MAX = 3  # domains tried for one name without a dot; each costs a question
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
    # A server that failed is looked at again after so long; doubles at each further failure.
    "rest_ms": (10000, 500, 300000),
    # How often the server in use is looked at in idle: with two others that makes 3.6 probes a minute, and
    # a server that died is known within 46 s.
    "probe_ms": (36000, 15000, 3600000),
}


def check(raw):
    """(Config, mistakes) from what the JSON file holds: mistakes are sentences, in order."""
    mistakes = []
    top = _table("", raw, ("identity", "language", "homes", "backups", "timers", "clock", "dns"), mistakes)
    identity = _table("identity", top.get("identity", {}), ("name", "label"), mistakes)
    name = _text("identity.name", identity.get("name", "SEP000000000000"), NAME_MAX, mistakes)
    if name and not all(letter.isalpha() or letter.isdigit() or letter in "-_" for letter in name):
        mistakes.append("identity.name: only letters, digits, - and _ are allowed in it.")
        name = ""
    label = _text("identity.label", identity.get("label", ""), LABEL_MAX, mistakes)
    language = _one_of("language", top.get("language", LANGUAGES[0]), LANGUAGES, mistakes)
    homes = tuple(_homes(top.get("homes", []), mistakes))
    backups = _pointers("backups", top.get("backups", {}), mistakes)
    if not mistakes and not backups and not any(home.pointers for home in homes):
        mistakes.append("homes: there is no pointer in it, so no key can show a page.")
    clock = _table("clock", top.get("clock", {}), ("utc_offset_minutes",), mistakes)
    offset = clock.get("utc_offset_minutes", 0)
    offset = _number("clock.utc_offset_minutes", offset, -OFFSET_MAX, OFFSET_MAX, mistakes) or 0
    timers = _timers(top.get("timers", {}), mistakes)
    dns = _table("dns", top.get("dns", {}), ("servers", "search"), mistakes)
    servers = tuple(_servers(_list("dns.servers", dns.get("servers", []), SERVERS_MAX, mistakes), mistakes))
    search = tuple(_domains(_list("dns.search", dns.get("search", []), SEARCH_MAX, mistakes), mistakes))
    name = name or "SEP000000000000"
    if len(mistakes) > MISTAKES_MAX:
        del mistakes[MISTAKES_MAX:]
        mistakes.append("And more: is this the right file?")
    return Config(name, label or name, homes, backups, timers, offset, servers, search, language), mistakes


def _homes(found, mistakes):
    for number, raw in enumerate(_list("homes", found, HOMES_MAX, mistakes)):
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
        where = "%s.%s" % (path, service)
        if not isinstance(found, list):
            found = [found]
        found = _list(where, found, URLS_MAX, mistakes)
        good = []
        for place, one in enumerate(found):
            this = "%s[%d]" % (where, place) if len(found) > 1 else where
            pointer = _pointer(this, one, mistakes)
            if pointer:
                good.append(pointer)
        if good:
            out.append((service, tuple(good)))
    return tuple(out)


def _pointer(path, raw, mistakes):
    """(URL, safe) from a URL or {"url": ..., "safe": ...}; None where it cannot be used."""
    table = {"url": raw}
    if isinstance(raw, dict):
        table = _table(path, raw, ("url", "safe"), mistakes)
        if "url" not in raw:
            mistakes.append("%s: url is missing." % path)
            return None
    text, safe = table.get("url"), table.get("safe", False)
    if not isinstance(safe, bool):
        mistakes.append("%s.safe: it must be true or false." % path)
        safe = False
    return (text, safe) if _is_url(path, text, mistakes) else None


def _is_url(path, text, mistakes):
    if not isinstance(text, str):
        mistakes.append("%s: a URL must be written in quotation marks." % path)
        return False
    url = urls.split(text)
    if len(text) > urls.URL_MAX:
        mistakes.append("%s: the URL is longer than %d characters." % (path, urls.URL_MAX))
    elif "@" in text.partition("://")[2].partition("/")[0].partition("?")[0]:  # said without the password
        mistakes.append("%s: user names and passwords in a URL are not supported." % path)
    elif url is None:
        mistakes.append('%s: "%s" is not an http URL such as http://10.0.0.5/menu.xml.' % (path, shown(text)))
    elif urls.is_local(url.host):
        mistakes.append('%s: "%s": %s.' % (path, shown(text), urls.LOCAL))
    else:
        return True
    return False


def _servers(found, mistakes):
    """(IPv4 literal, port) of each name server."""
    for text in found:
        host, colon, port = text.partition(":") if isinstance(text, str) else ("", "", "")
        port = port if colon else "53"
        if urls.is_literal(host) and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536:
            yield host, int(port)
        else:
            said = 'dns.servers: "%s" is not an IPv4 address such as 10.0.0.53 or 10.0.0.53:5353.'
            mistakes.append(said % shown(str(text)))


def _domains(found, mistakes):
    for text in found:
        url = urls.split("http://%s/" % text) if isinstance(text, str) else None
        if url and url.host == text.lower() and not urls.is_literal(text):
            yield url.host
        else:
            mistakes.append('dns.search: "%s" is not a domain such as ward.example.' % shown(str(text)))


def _list(path, found, most, mistakes):
    """The list itself, not too long; or [] where it is none."""
    if not isinstance(found, list):
        mistakes.append("%s: it must be a list [...]." % path)
        return []
    if len(found) > most:
        mistakes.append("%s: more than %d; the rest is left out." % (path, most))
    return found[:most]


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


def _one_of(path, value, known, mistakes):
    """The value itself, or the first of those known."""
    if value in known:
        return value
    mistakes.append('%s: "%s" is not one of %s.' % (path, shown(str(value)), ", ".join(known)))
    return known[0]


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
