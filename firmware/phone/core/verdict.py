"""Whether what a call manager says of backups is taken, and why not: the rules of docs/pointers.md.

Asked when a set is new only, so it may be forgotten in between: functions and constants, no state.
"""

from binascii import unhexlify

from micropython import const

from phone.core.learned import MANAGER, URI_MAX, URL_MAX, Taught
from phone.core.pointers import KEEPALIVE, PUSH, SERVICES
from phone.phrases import phrase
from phone.wire import pointer_set, url as urls

LASTS_MAX_S = const(31536000)  # a year: what is meant for ever says nothing
PUSH_S = const(3600)  # how long a push counts that does not say it: an outage is repaired or told again
PUSH_MAX_S = const(86400)  # it stands before the configuration's own, so at most a day
SPREAD_MAX_S = const(600)  # as sip.timers.spread_ms
_NUMBER_MAX = const(0xFFFFFFFF)  # of four bytes: unix seconds serve as numbers until 2106
_PARTS = const(1000)

SCHEME = phrase("pointers.schemes does not allow its scheme")
HOST = phrase("pointers.hosts does not allow its host")
LONG = phrase("it is longer than 200 bytes")
UNUSABLE = phrase("its address cannot be used")
NUMBER = phrase("its q, expires or spread is no number that can be")
OTHER = phrase("the phone has no such service")
MANY = phrase("there are more than 8")
NO_MANAGER = phrase("a push names no call managers")
NOTHING = phrase("there is no backup in it")
NOT_SIGNED = phrase("they are not signed")
NO_KEY = phrase("the phone has no key to verify them")
FORGED = phrase("the signature is wrong")
EXPIRED = phrase("they have expired")


def seal(trust, found, source, numbers, least):
    """Whether a Set counts: (number, four bytes of its mac, unix s until which it does, why not or "").

    number: 0 where it is taken without a signature. numbers: Numbers of learned.py. least: unix s that it is
    now at least.
    """
    if trust.signed == "off" or not trust.key and trust.signed == "prefer":
        return 0, b"", 0, ""
    if not trust.key:
        return 0, b"", 0, NO_KEY
    if not found.seals:
        # Whoever could make the phone forget that its site signs would need no key: it never does.
        signs = trust.signed == "require" or numbers.told or numbers.pushed
        return 0, b"", 0, NOT_SIGNED if signs else ""
    if found.over:
        return 0, b"", 0, MANY
    for one in found.seals:
        mac = pointer_set.sign(trust.key, pointer_set.canonical(source, one, found.pointers))
        number, until = _number(one.seq or "0", 1, _NUMBER_MAX), _number(one.until or "0", 1, _NUMBER_MAX)
        if pointer_set.same(mac, one.mac.lower()) and number and until:
            mac = unhexlify(mac[:8])
            return number, mac, until, EXPIRED if until <= least else _late(number, mac, source, numbers)
    return 0, b"", 0, FORGED


def pointers(trust, found, source, signed, ends):
    """(list of Taught, the best first; spread in s or None; why one was left out, or "")."""
    out, spread, why = [], None, MANY if found.over else ""
    for told in found.pointers:
        one, wrong = _taught(trust, told, source, signed, ends)
        if wrong:
            why = wrong
            continue
        if told.spread:
            spread = max(spread or 0, _number(told.spread, 0, SPREAD_MAX_S))
        if one and (one.service, one.url) not in [(other.service, other.url) for other in out]:
            out.append(one)
    order = sorted([(-one.q, place) for place, one in enumerate(out)])
    return [out[place] for _, place in order], spread, why


def recalled(trust, one):
    """Whether a Taught of the flash may come back: the configuration may be another one since."""
    if trust.signed == "require" and not one.signed:
        return False
    return not _judged(trust, one.service == MANAGER, one.url)[1]


def manager(text):
    """A call manager's address as it is compared, "sip:host" or "sip:host:port"; "" where it is none."""
    url = urls.split("http://%s/" % text[4:]) if text[:4].lower() == "sip:" else None
    if not url or url.path != "/" or "#" in text or not _is_host(url.host):
        return ""
    host, _, port = text[4:].lower().partition(":")
    if urls.is_literal(host):
        port = port or "5060"  # RFC 3261 19.1.2; a domain without a port is looked up by SRV
    return "sip:%s:%s" % (host, port) if port else "sip:" + host


def _late(number, mac, source, numbers):
    """Why a number that is signed comes too late, or ""."""
    last, was = numbers.pushed, numbers.pushed_mac
    if source == KEEPALIVE:
        last, was = numbers.told, numbers.told_mac
    if number < last:
        return phrase("number %d comes after number %d", number, last)
    if number == last and (mac != was or source == PUSH):
        return phrase("number %d was used before", number)
    return ""


def _taught(trust, told, source, signed, ends):
    """(Taught or None, why it is not one)."""
    most = LASTS_MAX_S if source == KEEPALIVE else PUSH_MAX_S
    q, lasts = _thousandths(told.q), _number(told.expires, 0, most)
    if q is None or lasts is None or told.spread and _number(told.spread, 0, SPREAD_MAX_S) is None:
        return None, NUMBER
    service = "services" if told.service.lower() == "menu" else told.service.lower()
    if told.manager:
        service = MANAGER
        if source == PUSH:
            return None, NO_MANAGER
    elif service and service not in SERVICES:
        return None, OTHER
    uri, wrong = _judged(trust, told.manager, told.uri)
    if wrong:
        return None, wrong
    if told.expires and not lasts:  # it ends at once
        return None, ""
    if source == PUSH:
        lasts = lasts or PUSH_S
    return Taught(service, uri, source, q, lasts, ends, signed), ""


def _judged(trust, is_manager, uri):
    """(the address as it is kept, why it is not taken or "")."""
    if len(uri) > (URI_MAX if is_manager else URL_MAX):
        return "", LONG
    if not uri.lower().startswith(("sip:",) if is_manager else tuple([one + ":" for one in trust.schemes])):
        return "", SCHEME
    if is_manager:
        kept = manager(uri)
        host = kept[4:].partition(":")[0]
    else:
        url = urls.split(uri)
        kept, host = (urls.text(url), url.host) if url and _is_host(url.host) else ("", "")
    if not kept or len(kept) > URL_MAX:
        return "", UNUSABLE
    return kept, HOST if trust.hosts and host not in trust.hosts else ""


def _is_host(host):
    """Whether it can be one server: no multicast DNS, and no address of many or of nobody."""
    first = host.partition(".")[0]
    return not urls.is_local(host) and not (urls.is_literal(host) and not 0 < int(first) < 224)


def _number(text, least, most):
    """The whole number in `text`, at most `most`; `least` where it is ""; None where it is none or less."""
    if not text:
        return least
    if not text.isdigit() or len(text) > 10 or int(text) < least:
        return None
    return min(int(text), most)


def _thousandths(text):
    """q as 0..1000 (RFC 3261 25.1, qvalue), 1000 where it is ""; None where it is none."""
    whole, dot, parts = (text or "1").partition(".")
    if not (whole or "0").isdigit() or dot and not (parts or "0").isdigit() or len(whole) > 1 or text == ".":
        return None
    out = int(whole or "0") * _PARTS + int((parts + "000")[:3])
    return out if out <= _PARTS else None
