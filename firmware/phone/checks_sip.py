"""The part of the configuration that is about call managers: who the phone is there, its timers, and whose
word on backups is taken. Loaded where there is any of it (docs/configuration.md).
"""

from collections import namedtuple

from phone.checks import a_list, a_number, a_table, a_text, one_of, set_timers, shown
from phone.wire import url as urls

# user: the extension, and of the address of record. auth_user: of the digest, mostly the same. domain: of the
# address of record, "" for the manager's host. port: ours. timers: name -> ms. voice: whether calls are the
# phone's affair, so that it shows and keeps them; another one stands beside it where they are not.
Sip = namedtuple("Sip", ("user", "auth_user", "password", "domain", "port", "timers", "voice"))
# schemes: of pointers that others tell. hosts: tuple of those they may be on, empty: any. purpose: the word
# in Call-Info. key: bytes, b"" for none. signed: one of SIGNED.
Trust = namedtuple("Trust", ("schemes", "hosts", "purpose", "key", "signed"))

SIGNED = ("off", "prefer", "require")
USER_MAX = 32  # an extension; it stands in each message thrice
PASSWORD_MAX = 64
DOMAIN_MAX = 63
PORT = 5060  # RFC 3261 19.1.2
PURPOSE = "backup-service"
SCHEMES = ("http", "https")
KEY_MIN, KEY_MAX = 16, 64  # characters; less can be tried out, more than a block of SHA-256 helps nobody
HOSTS_MAX = 8

# name: (default, least, most) in ms. Reasons: docs/call-managers.md.
TIMERS = {
    # RFC 3261 17.1.2.2: an estimate of the round trip, after which a request is sent again.
    "t1_ms": (500, 100, 2000),
    # The longest wait between two of them.
    "t2_ms": (4000, 500, 8000),
    # A keep-alive without an answer is given up: four datagrams are lost by then (0, 0.5, 1.5, 3.5 s).
    "give_up_ms": (7500, 1000, 32000),
    # What REGISTER asks for; it is refreshed after half of what is granted.
    "expires_ms": (120000, 30000, 3600000),
    # OPTIONS to the manager in use, between the refreshes; 0: none.
    "options_ms": (30000, 0, 600000),
    # OPTIONS to those that are not in use.
    "poll_ms": (60000, 10000, 600000),
    # A fleet that hears of the same thing at once spreads its first REGISTER over so long.
    "spread_ms": (30000, 0, 600000),
    # How long a better manager has to answer all polls before the phone returns; doubles at a relapse.
    "hold_ms": (120000, 10000, 3600000),
    # Nobody has pressed a key for so long when the phone returns.
    "idle_ms": (60000, 0, 600000),
    # It returns within so long after, at random.
    "return_ms": (60000, 0, 600000),
    # All managers are dead: the first wait of RFC 5626 4.5; doubles, up to five minutes.
    "retry_ms": (30000, 1000, 300000),
}
OPTIONS_LEAST_MS = 500  # or none: who writes 30 means seconds, and would have a manager asked all the time
_ACCOUNT = ("user", "auth_user", "password", "domain", "port", "timers", "voice")


def sip(raw, wanted, mistakes):
    """Sip, or None where there is no manager (wanted: there is one) or nobody to be there."""
    table = a_table("sip", raw, _ACCOUNT, mistakes)
    user = _word("sip.user", table.get("user", ""), USER_MAX, mistakes)
    auth_user = _word("sip.auth_user", table.get("auth_user", ""), PASSWORD_MAX, mistakes) or user
    password = a_text("sip.password", table.get("password", ""), PASSWORD_MAX, mistakes) or ""
    domain = _domain(table.get("domain", ""), mistakes)
    port = a_number("sip.port", table.get("port", PORT), 1, 65535, mistakes) or PORT
    timers = _timers(table.get("timers", {}), mistakes)
    voice = table.get("voice", True)
    if not isinstance(voice, bool):
        mistakes.append("sip.voice: it must be true or false.")
        voice = True
    if wanted and not table.get("user"):  # another mistake of it was named
        mistakes.append("sip.user: it is missing, so the phone cannot register with its call managers.")
    return Sip(user, auth_user, password, domain, port, timers, voice) if wanted and user else None


def trust(raw, mistakes):
    """Trust; a key counts only whole. A bound that cannot be read lets nobody in: it was meant to be one."""
    table = a_table("pointers", raw, ("schemes", "hosts", "purpose", "key", "signed"), mistakes)
    schemes = []
    for scheme in a_list("pointers.schemes", table.get("schemes", list(SCHEMES)), len(SCHEMES), mistakes):
        if scheme in SCHEMES:
            schemes.append(scheme)
        else:
            mistakes.append('pointers.schemes: "%s" is not one of http, https.' % shown(str(scheme)))
    hosts, named = [], table.get("hosts", [])
    for host in a_list("pointers.hosts", named, HOSTS_MAX, mistakes):
        url = urls.split("http://%s/" % host) if isinstance(host, str) else None
        if url and url.host == host.lower():
            hosts.append(url.host)
        else:
            mistakes.append('pointers.hosts: "%s" is not a host name or an address.' % shown(str(host)))
    if named and not hosts:
        hosts.append("")  # no host has this name
    purpose = _word("pointers.purpose", table.get("purpose", PURPOSE), USER_MAX, mistakes) or PURPOSE
    meant = table.get("key", "")
    key = a_text("pointers.key", meant, KEY_MAX, mistakes) or ""
    if key and len(key) < KEY_MIN:
        mistakes.append("pointers.key: shorter than %d characters." % KEY_MIN)
        key = ""
    key = key if key == meant else ""
    signed = table.get("signed", SIGNED[1] if meant else SIGNED[0])
    if signed not in SIGNED:
        one_of("pointers.signed", signed, SIGNED, mistakes)
        signed = SIGNED[2] if meant else SIGNED[0]
    if signed == SIGNED[1] and meant and not key:
        signed = SIGNED[2]
    if signed != SIGNED[0] and not meant:
        mistakes.append("pointers.signed: without pointers.key nothing can be verified.")
    return Trust(tuple(schemes), tuple(hosts), purpose, key.encode(), signed)


def _word(path, value, most, mistakes):
    """A text that can stand in a SIP address as it is."""
    text = a_text(path, value, most, mistakes) or ""
    for letter in text:
        if not ("0" <= letter <= "9" or "a" <= letter.lower() <= "z" or letter in "-_.+"):
            mistakes.append("%s: only letters, digits and -_.+ are allowed in it." % path)
            return ""
    return text


def _domain(value, mistakes):
    text = a_text("sip.domain", value, DOMAIN_MAX, mistakes) or ""
    url = urls.split("http://%s/" % text)
    if text and not (url and url.host == text.lower()):
        mistakes.append('sip.domain: "%s" is not a domain such as ward.example.' % shown(text))
        return ""
    return text


def _timers(raw, mistakes):
    timers = set_timers("sip.timers", raw, TIMERS, mistakes)
    if 0 < timers["options_ms"] < OPTIONS_LEAST_MS:
        wrong = timers["options_ms"], OPTIONS_LEAST_MS
        mistakes.append("sip.timers.options_ms: %d is neither 0 nor at least %d." % wrong)
        timers["options_ms"] = TIMERS["options_ms"][0]
    return timers
