"""The configuration: defaults, and check(): every mistake named by its path, in a sentence.

What is right is used, what is wrong is left out and said: a typing mistake in a timer must not
take the services from a ward. The keys are described in docs/configuration.md.
"""

from collections import namedtuple

from phone.checks import MISTAKES_MAX, a_list, a_number, a_table, a_text, one_of, set_timers, shown
from phone.wire import url as urls

# name, model: what servers are told. label: what the user reads. homes: tuple of Home, first is the
# primary. backups: as the pointers of a home. timers: name -> ms. dns: tuple of (IPv4 literal, port), empty:
# those of the network. search: tuple of domains for names without a dot. language: a code of LANGUAGES.
# clocks: tuple of (host, port) of time servers. push: a Push. sip: a Sip and trust: a Trust of checks_sip.py,
# None where there are no call managers.
Config = namedtuple("Config", ("name", "model", "label", "homes", "backups", "timers", "utc_offset_minutes",
                               "dns", "search", "language", "clocks", "push", "sip", "trust"))
# port: of the phone's own pages, 0 for none. credentials: b"user:password" of its screen, b"" for nobody.
# authentication: tuple of URLs that are asked about other credentials, the first and its backups.
Push = namedtuple("Push", ("port", "credentials", "authentication"))
# pointers: tuple of (service, tuple of (URL, whether its links may be repeated)).
Home = namedtuple("Home", ("name", "manager", "pointers"))

_KEYS = ("identity", "language", "homes", "backups", "timers", "clock", "dns", "push", "sip",
         "pointers")
# The hard keys, and the page that the phone shows when nobody wants anything.
SERVICES = ("services", "directory", "messages", "information", "idle")
LANGUAGES = ("en", "de", "fr", "es")  # the columns of words.tsv
HOMES_MAX = 16  # a screen page of servers to read through; commercial files take 5
URLS_MAX = 8  # for one service in one place
LABEL_MAX = 16  # characters that fit into the status bar of the small display
MODEL = "Everline"  # some services know what to send to "CP-7942G" only
NAME_MAX = 32  # as a host name (RFC 1035 allows 63; phones use SEP and 12 digits)
OFFSET_MAX = 840  # minutes; UTC+14 is the largest there is
SERVERS_MAX = 3  # name servers, and time servers: as many as a resolver usually takes (resolv.conf(5))
PASSWORD_MAX = 64  # and of a user name: more fits into no line of a web browser's question
SEARCH_MAX = 3  # domains tried for one name without a dot; each costs a question
CLOCK_PORT = 123  # of NTP (RFC 5905)
BYTES_MAX = 12288  # of the file: 16 homes with 4 services of two URLs; more does not fit beside the phone

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
    # How often the server in use is looked at in idle. More often, and its looks with their confirmations
    # would not fit among the four a minute (core/probe.py). A server that died is known within 50 s.
    "probe_ms": (36000, 36000, 3600000),
    # After so long without a key the idle screen gives way to the page of "idle": a minute, as for a push.
    "idle_ms": (60000, 1000, 86400000),
}


def check(raw):
    """(Config, mistakes) from what the JSON file holds: mistakes are sentences, in order."""
    mistakes = []
    top = a_table("", raw, _KEYS, mistakes)
    identity = a_table("identity", top.get("identity", {}), ("name", "model", "label"), mistakes)
    name = _name("identity.name", identity.get("name", "SEP000000000000"), mistakes)
    model = _name("identity.model", identity.get("model", MODEL), mistakes)
    label = a_text("identity.label", identity.get("label", ""), LABEL_MAX, mistakes)
    language = one_of("language", top.get("language", LANGUAGES[0]), LANGUAGES, mistakes)
    homes = tuple(_homes(top.get("homes", []), mistakes))
    managed = any(home.manager for home in homes)
    backups = _pointers("backups", top.get("backups", {}), mistakes)
    if not (mistakes or backups or managed or any(home.pointers for home in homes)):
        mistakes.append("homes: there is no pointer in it, so no key can show a page.")
    clock = a_table("clock", top.get("clock", {}), ("utc_offset_minutes", "servers"), mistakes)
    offset = clock.get("utc_offset_minutes", 0)
    offset = a_number("clock.utc_offset_minutes", offset, -OFFSET_MAX, OFFSET_MAX, mistakes) or 0
    clocks = a_list("clock.servers", clock.get("servers", []), SERVERS_MAX, mistakes)
    clocks = tuple(_clocks(clocks, mistakes))
    timers = set_timers("timers", top.get("timers", {}), TIMERS, mistakes)
    dns = a_table("dns", top.get("dns", {}), ("servers", "search"), mistakes)
    servers = tuple(_servers(a_list("dns.servers", dns.get("servers", []), SERVERS_MAX, mistakes), mistakes))
    search = tuple(_domains(a_list("dns.search", dns.get("search", []), SEARCH_MAX, mistakes), mistakes))
    push = _push(top.get("push", {}), mistakes)
    account = trust = None
    if managed or "sip" in top or "pointers" in top:
        from phone import checks_sip

        account = checks_sip.sip(top.get("sip", {}), managed, mistakes)
        trust = checks_sip.trust(top.get("pointers", {}), mistakes)
    name = name or "SEP000000000000"
    if len(mistakes) > MISTAKES_MAX:
        del mistakes[MISTAKES_MAX:]
        mistakes.append("And more: is this the right file?")
    return Config(name, model or MODEL, label or name, homes, backups, timers, offset, servers, search,
                  language, clocks, push, account, trust), mistakes


def _name(path, value, mistakes):
    """A word that can stand in a header and in an address, or ""."""
    name = a_text(path, value, NAME_MAX, mistakes)
    if name and not all(letter.isalpha() or letter.isdigit() or letter in "-_" for letter in name):
        mistakes.append("%s: only letters, digits, - and _ are allowed in it." % path)
        return ""
    return name


def _homes(found, mistakes):
    for number, raw in enumerate(a_list("homes", found, HOMES_MAX, mistakes)):
        path = "homes[%d]" % number
        home = a_table(path, raw, ("name", "manager", "pointers"), mistakes)
        name = a_text(path + ".name", home.get("name", "Server %d" % (number + 1)), LABEL_MAX, mistakes)
        manager = a_text(path + ".manager", home.get("manager", ""), urls.URL_MAX, mistakes)
        if manager and not _is_manager(manager):
            said = '%s.manager: "%s" is not a SIP address such as sip:10.0.0.2:5060.'
            mistakes.append(said % (path, shown(manager)))
            manager = ""
        pointers = _pointers(path + ".pointers", home.get("pointers", {}), mistakes)
        yield Home(name or "Server %d" % (number + 1), manager or "", pointers)


def _is_manager(text):
    """Whether it is the address of a call manager: sip:HOST or sip:HOST:PORT, a domain perhaps."""
    url = urls.split("http://%s/" % text[4:]) if urls.scheme(text) == "sip" else None
    return bool(url) and url.path == "/" and "@" not in text and not urls.is_local(url.host)


def _pointers(path, raw, mistakes):
    out = []
    table = a_table(path, raw, SERVICES, mistakes)
    for service in SERVICES:
        found = table.get(service, [])
        where = "%s.%s" % (path, service)
        if not isinstance(found, list):
            found = [found]
        found = a_list(where, found, URLS_MAX, mistakes)
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
        table = a_table(path, raw, ("url", "safe"), mistakes)
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


def _clocks(found, mistakes):
    """(host, port) of each time server."""
    for text in found:
        host, colon, port = text.partition(":") if isinstance(text, str) else ("", "", "")
        url = urls.split("http://%s:%s" % (host, port if colon else CLOCK_PORT))
        whole = url and url.host == host.lower() and url.path == "/" and (port or not colon)
        if whole and not urls.is_local(host):
            yield url.host, url.port
        else:
            said = 'clock.servers: "%s" is not a time server such as 10.0.0.123 or ntp.example.net.'
            mistakes.append(said % shown(str(text)))


def _push(raw, mistakes):
    """Port and credentials of the phone's own pages; no mistake quotes a password."""
    table = a_table("push", raw, ("port", "user", "password", "authentication"), mistakes)
    port = a_number("push.port", table.get("port", 0), 0, 65535, mistakes) or 0
    user, password = table.get("user", ""), table.get("password", "")
    before = len(mistakes)
    a_text("push.user", user, PASSWORD_MAX, mistakes)
    a_text("push.password", password, PASSWORD_MAX, mistakes)
    if isinstance(user, str) and ":" in user:
        mistakes.append("push.user: there must be no colon in it.")  # RFC 7617 section 2
    fine = password and len(mistakes) == before  # half a password is none
    found = table.get("authentication", [])
    found = a_list("push.authentication", found if isinstance(found, list) else [found], URLS_MAX, mistakes)
    asked = tuple([url for url in found if _is_url("push.authentication", url, mistakes)])
    return Push(port, (user + ":" + password).encode() if fine else b"", asked)


def _domains(found, mistakes):
    for text in found:
        url = urls.split("http://%s/" % text) if isinstance(text, str) else None
        if url and url.host == text.lower() and not urls.is_literal(text):
            yield url.host
        else:
            mistakes.append('dns.search: "%s" is not a domain such as ward.example.' % shown(str(text)))
