"""What the phone answers to a request: the part of core/callee.py that is seldom wanted.

Functions only, so it may be forgotten in between; what they know is the Callee's.
"""

from binascii import crc32

from micropython import const

from phone.core.callee import RING_MS
from phone.events import Tone
from phone.phrases import phrase
from phone.wire import sip

_SAME_MS = const(32000)  # 64 * T1, how long a request may come by other ways (RFC 3261 8.2.2.2)
_SAME_MAX = const(4)
_NAME_MAX = const(24)  # letters of who calls: two lines of a small display together with the number
_NUMBER_MAX = const(20)
_ALLOW = "OPTIONS, NOTIFY"
_CALLS = "INVITE, ACK, CANCEL, BYE"
EVENTS = "check-sync, message-summary, backup-pointers"
_TYPES = "application/simple-message-summary, message/sipfrag"
# Methods that are registered (RFC 3261 and its extensions) and not for this phone.
_OTHERS = " REGISTER SUBSCRIBE MESSAGE INFO UPDATE PRACK REFER PUBLISH INVITE ACK CANCEL BYE "
REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 405: "Method Not Allowed",
    415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected",
    486: "Busy Here", 489: "Bad Event", 501: "Not Implemented",
}  # fmt: skip


def allowed(config):
    """The methods that the phone answers, for Allow and for the `methods` of its Contact (RFC 3840)."""
    return _ALLOW + ", " + _CALLS if config.sip.voice else _ALLOW


def answered(callee, message, manager, address, now):
    """(bytes of the answer, effects). manager: who asks, None: a stranger. address: (host, port)."""
    status, fields, done = _judge(callee, message, manager, address, now)
    data = sip.response(message, status, REASONS[status], _tag(callee, message), fields, whence=address)
    return data, done


def _tag(callee, message):
    """Ours in To: the same for the same request, although nothing is kept for strangers (8.2.7)."""
    return "%08x" % crc32(callee.seed + message.call_id + message.branch.encode())


def _judge(callee, message, manager, address, now):
    """(status, fields, effects), in the order of RFC 3261 8.2."""
    method = message.method
    if method not in allowed(callee.config).split(", ") and method != "CANCEL":
        if " %s " % method in _OTHERS:
            return 405, [("Allow", allowed(callee.config))], []
        return 501, [], []
    if method == "CANCEL":
        return (200 if _has_answered(callee, message, address, now) else 481), [], []
    if method == "BYE" or "tag" in sip.value(message.get(b"to"))[1]:
        return 481, [], []
    if message.uri[:4].lower() != "sip:":
        return 416, [], []
    wanted = message.all(b"require")
    if wanted:  # nothing of that kind is known
        wanted = [sip.words(name) for name in wanted]
        return 420, [("Unsupported", ", ".join(wanted))], []
    if method == "OPTIONS":
        return 200, _abilities(callee, manager), []
    if method == "INVITE":
        return _call(callee, message, manager, now)
    if not manager:
        return 403, [], []
    from phone.core.notified import notified

    return notified(callee, message, manager, now)


def _has_answered(callee, message, address, now):
    """Whether the INVITE of a CANCEL has its final answer: CANCEL changes nothing then (9.2)."""
    message.method = "INVITE"
    found = callee.answers.again(message, address, now) is not None
    message.method = "CANCEL"
    return found


def _abilities(callee, manager):
    """Fields of the answer to OPTIONS. It is 200 whether or not a call would be answered so: managers ask
    in order to see that the phone is there, and many take nothing else for a yes.
    """
    fields = [("Allow", allowed(callee.config))]
    return fields + [("Accept", _TYPES), ("Allow-Events", EVENTS)] if manager else fields


def _call(callee, message, manager, now):
    """Somebody calls."""
    if not manager:  # scanners make phones ring by night
        return 480, [], []
    raw = message.get(b"from")
    uri, params = sip.value(raw)
    callee.heard = [heard for heard in callee.heard if heard[3] > now]
    call = (message.call_id, message.cseq, params.get("tag", ""), now + _SAME_MS)
    if call[:3] in [heard[:3] for heard in callee.heard]:
        return 482, [], []  # one call that came by two ways
    callee.heard = callee.heard[1 - _SAME_MAX :] + [call]
    busy = bool(callee.calls.ringing) or callee.outside.has_form
    caller = _caller(sip.display(raw), uri)
    callee.calls.miss(caller, now)
    callee.outside.news(callee.calls)
    status = 486 if busy else 480
    said = phrase("%s calls by way of %s: answered %d.", caller, manager.label, status)
    out = callee.say(said, now)
    if not callee.calls.ringing:
        callee.calls.ringing = caller
        callee.ring_due = now + RING_MS
        callee.outside.tell(phrase("Call from %s", caller), now)
        out.append(Tone("call"))
    return status, [], out


def _caller(name, uri):
    """Who calls, as text or a phrase: name and number where both are known."""
    parts = sip.host_port(uri)
    number = sip.words(parts[2] if parts else uri.partition(":")[2], _NUMBER_MAX)
    name = sip.words(name, _NAME_MAX)
    if not name or name == number:
        return number or phrase("somebody unknown")
    return "%s (%s)" % (name, number) if number else name
