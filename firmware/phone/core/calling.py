"""The requests that the phone sends to its call managers, and what their answers say of it.

The phone is known by one Contact: its own address and port, or those that the manager sees where an address
translator is between them (received and rport of Via, RFC 3581). REGISTER and OPTIONS have a Call-ID each,
so that REGISTERs count up by one as RFC 3261 10.2 wants it.
"""

from phone.wire import sip
from phone.wire.http import VERSION

REGISTER, OPTIONS = "REGISTER", "OPTIONS"
MAGIC = "z9hG4bK"  # RFC 3261 8.1.1.7
PORT = 5060
_DIGITS = 9  # of a number of seconds; more is nonsense


def uri(manager, config):
    """The address to which both requests go: the domain of the account, at the manager."""
    return "sip:" + (config.sip.domain or manager.host)


def request(method, manager, config, branch, credentials, expires):
    """Bytes of a request. manager: its `here` is (host, port) of our socket, `contact` that of Contact, `old`
    the one before, which goes, or None. credentials: (field name, value) or None. expires: s; None: OPTIONS.
    """
    domain = uri(manager, config)
    aor = "sip:%s@%s" % (config.sip.user, domain[4:])
    register = method == REGISTER
    fields = [
        ("Via", "SIP/2.0/UDP %s:%d;branch=%s;rport" % (manager.here + (branch,))),
        ("From", "<%s>;tag=%s" % (aor, manager.tag)),
        ("To", "<%s>" % (aor if register else domain)),
        ("Call-ID", manager.tag + ("" if register else "-o")),
        ("CSeq", "%d %s" % (manager.cseq if register else manager.asked, method)),
        ("User-Agent", "Everline/" + VERSION),
    ]
    if register:
        more = "" if config.sip.voice else ';methods="OPTIONS,NOTIFY"'  # RFC 3840: no calls
        if more:
            fields.append(("Allow", "OPTIONS, NOTIFY"))  # which is what Kamailio looks at
        fields.append(("Contact", "<%s>%s" % (_contact(manager.contact, config), more)))
        if manager.old:
            fields.append(("Contact", "<%s>;expires=0" % _contact(manager.old, config)))
        fields.append(("Expires", str(expires)))
    if credentials:
        fields.append(credentials)
    return sip.request(method, domain, fields)


def _contact(address, config):
    return "sip:%s@%s:%d" % ((config.sip.user,) + address)


def granted_s(message, contact, asked):
    """How long a 200 to REGISTER counts, in s: what our Contact says, or the answer, or what was asked."""
    for raw in message.all(b"contact"):
        text, params = sip.value(raw)
        found = sip.host_port(text)
        if found and (found[0], found[1] or PORT) == contact:
            return _number(params.get("expires", ""), _number(_text(message.get(b"expires")), asked))
    return _number(_text(message.get(b"expires")), asked)


def seen(message, here):
    """(host, port) that the manager sees us at; `here` where it does not say."""
    host, port = here
    for part in message.get(b"via").partition(b",")[0].split(b";"):
        name, _, text = part.partition(b"=")
        name = name.strip().lower()
        if name == b"received":
            host = _text(text)
        elif name == b"rport":
            port = _number(_text(text), port)
    if (host, port) == here:
        return here
    found = sip.host_port("sip:%s:%d" % (host, port))
    return found[:2] if found else here


def seconds_of(message, name, default):
    """A field that is a number of seconds; what follows the number does not count (Retry-After)."""
    return _number(_text(message.get(name)).replace(";", " ").replace("(", " ").partition(" ")[0], default)


def targets(message):
    """(host, port) of each place to which a 3xx sends the phone, as they stand."""
    found = [sip.host_port(sip.value(raw)[0]) for raw in message.all(b"contact")]
    return [(one[0], one[1] or PORT) for one in found if one]


def _text(raw):
    return sip.words(raw, 20)


def _number(text, default):
    fine = text and len(text) <= _DIGITS and all(["0" <= digit <= "9" for digit in text])
    return int(text) if fine else default
