"""What is asked of the phone over SIP: it is a server there, too (RFC 3261 section 8.2).

    request --a stranger's, and too many of them--> nothing
            --seen before, or ACK-----------------> core/transaction.py: the same answer again, or silence
            --OPTIONS, INVITE, CANCEL, BYE--------> an answer of a line
            --NOTIFY------------------------------> core/notified.py
            --anything else-----------------------> 405 or 501

There is no voice in the phone yet. A call is shown, kept as missed, and answered 480 at once, so that the
manager goes on as where nobody is at home (a mailbox, another phone). Where the configuration says that
calls are not the phone's affair, INVITE is a method like any other that it does not take.

Strangers are whoever is no known manager. Nothing that they send is shown, kept or done; they are told so in
an answer hardly longer than what they sent, once a request, and to so many a second only: the phone is
no help to who wants to flood somebody else.
"""

from binascii import crc32

from micropython import const

from phone.core.crowd import Crowd
from phone.core.transaction import Answers
from phone.events import SendTo, Tone
from phone.phrases import phrase
from phone.wire import sip

RING_MS = const(8000)  # how long a call is on the screen; a second one meanwhile finds the phone busy
STRANGERS = const(5)  # answers to strangers within a second: who looks for the phone by hand sends fewer
_SAME_MS = const(32000)  # 64 * T1, how long a request may come by other ways (RFC 3261 8.2.2.2)
_SAME_MAX = const(4)
SAID_BURST = const(8)  # lines of the journal, of 64, that need not wait
SAID_EVERY_MS = const(600000)  # then one in ten minutes: who forges calls must not wash out the rest
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


class Callee:
    """`managers`: core/managers.py, whose `calls` (core/calls.py) and `teaching` it uses."""

    def __init__(self, config, managers, teaching, calls, outside, journal, entropy):
        self.config = config
        self.managers = managers
        self.teaching = teaching
        self.calls = calls
        self.outside = outside
        self.journal = journal
        self.entropy = entropy
        self.nonces = []  # that wait for a push, of wire/digest.py
        self.synced = None  # ms of the last check-sync that the journal tells of
        self._answers = Answers(config.sip.timers, managers.port)
        self._seed = entropy(4)
        self._heard = []  # (call_id, cseq, tag, branch, until) of the last calls
        self._ring_due = None
        self._pace = 0  # ms: where a journal with a line each SAID_EVERY_MS would stand
        self._unsaid = 0
        self._strangers = Crowd(STRANGERS)
        outside.news(calls)

    def receive(self, message, address, now):
        """A request: effects. address: (host, port) that sent it."""
        manager = self.managers.known(address)
        out = self._answers.again(message, address, now)
        if out is not None:
            return out
        if message.method == "ACK":  # to what was answered long ago: it is never answered (RFC 3261 17.1.1.3)
            return []
        if not manager and not self._strangers.admits(now):
            self.managers.odd += 1
            return []
        status, fields, done = self._judge(message, manager, address, now)
        data = sip.response(message, status, REASONS[status], self._tag(message), fields, whence=address)
        if len(data) > sip.DATAGRAM_MAX:  # so were its Vias: nobody means that
            self.managers.odd += 1
            return done
        if manager:
            return self._answers.give(message, data, address, now) + done
        return [SendTo(data, sip.reply_to(message, address), self._answers.port)]

    def tick(self, now):
        """Time has passed: effects."""
        if self._ring_due is not None and now >= self._ring_due:
            self._ring_due = None
            self.calls.ringing = ""
        return self._answers.tick(now)

    def deadline(self):
        """When tick() is due, in ms, or None."""
        wait = self._answers.deadline()
        if self._ring_due is None:
            return wait
        return self._ring_due if wait is None else min(wait, self._ring_due)

    def say(self, said, now):
        """A line of the journal, unless there were many: nothing proves whose calls these are; effects."""
        if self._pace > now + (SAID_BURST - 1) * SAID_EVERY_MS:
            self._unsaid += 1
            return []
        self._pace = max(self._pace, now) + SAID_EVERY_MS
        out = []
        if self._unsaid:
            more = phrase("%d more sentences on calls and messages were left out.", self._unsaid)
            out, self._unsaid = self.journal.say(more, now), 0
        return out + self.journal.say(said, now)

    def _tag(self, message):
        """Ours in To: the same for the same request, although nothing is kept for strangers (8.2.7)."""
        return "%08x" % crc32(self._seed + message.call_id + message.branch.encode())

    def _judge(self, message, manager, address, now):
        """(status, fields, effects), in the order of RFC 3261 8.2."""
        method = message.method
        if method not in allowed(self.config).split(", ") and method != "CANCEL":
            if " %s " % method in _OTHERS:
                return 405, [("Allow", allowed(self.config))], []
            return 501, [], []
        if method == "CANCEL":
            return (200 if self._has_answered(message, address, now) else 481), [], []
        if method == "BYE" or "tag" in sip.value(message.get(b"to"))[1]:
            return 481, [], []
        if message.uri[:4].lower() != "sip:":
            return 416, [], []
        wanted = message.all(b"require")
        if wanted:  # nothing of that kind is known
            wanted = [sip.words(name) for name in wanted]
            return 420, [("Unsupported", ", ".join(wanted))], []
        if method == "OPTIONS":
            return 200, self._abilities(manager), []
        if method == "INVITE":
            return self._call(message, manager, now)
        if not manager:
            return 403, [], []
        from phone.core.notified import notified  # here, so that it can be forgotten

        return notified(self, message, manager, now)

    def _has_answered(self, message, address, now):
        """Whether the INVITE of a CANCEL has its final answer: CANCEL changes nothing then (9.2)."""
        message.method = "INVITE"
        found = self._answers.again(message, address, now) is not None
        message.method = "CANCEL"
        return found

    def _abilities(self, manager):
        """Fields of the answer to OPTIONS. It is 200 whether or not a call would be answered so: managers ask
        in order to see that the phone is there, and many take nothing else for a yes.
        """
        fields = [("Allow", allowed(self.config))]
        return fields + [("Accept", _TYPES), ("Allow-Events", EVENTS)] if manager else fields

    def _call(self, message, manager, now):
        """Somebody calls."""
        if not manager:  # scanners make phones ring by night
            return 480, [], []
        raw = message.get(b"from")
        uri, params = sip.value(raw)
        self._heard = [heard for heard in self._heard if heard[3] > now]
        call = (message.call_id, message.cseq, params.get("tag", ""), now + _SAME_MS)
        if call[:3] in [heard[:3] for heard in self._heard]:
            return 482, [], []  # one call that came by two ways
        self._heard = self._heard[1 - _SAME_MAX :] + [call]
        busy = bool(self.calls.ringing) or self.outside.has_form
        caller = _caller(sip.display(raw), uri)
        self.calls.miss(caller, now)
        self.outside.news(self.calls)
        status = 486 if busy else 480
        said = phrase("%s calls by way of %s: answered %d.", caller, manager.label, status)
        out = self.say(said, now)
        if not self.calls.ringing:
            self.calls.ringing = caller
            self._ring_due = now + RING_MS
            self.outside.tell(phrase("Call from %s", caller), now)
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
