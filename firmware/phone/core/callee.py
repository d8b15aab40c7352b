"""What is asked of the phone over SIP: it is a server there, too (RFC 3261 section 8.2).

    request --a stranger's, and too many of them--> nothing
            --seen before, or ACK-----------------> core/transaction.py: the same answer again, or silence
            --OPTIONS, INVITE, CANCEL, BYE--------> core/answering.py: an answer of a line
            --NOTIFY------------------------------> core/notified.py
            --anything else-----------------------> core/answering.py: 405 or 501

There is no voice in the phone yet. A call is shown, kept as missed, and answered 480 at once, so that the
manager goes on as where nobody is at home (a mailbox, another phone). Where the configuration says that
calls are not the phone's affair, INVITE is a method like any other that it does not take.

Strangers are whoever is no known manager. Nothing that they send is shown, kept or done; they are told so in
an answer hardly longer than what they sent, once a request, and to so many a second only: the phone is
no help to who wants to flood somebody else.
"""

from micropython import const

from phone.core.crowd import Crowd
from phone.core.transaction import Answers
from phone.events import SendTo
from phone.phrases import phrase

RING_MS = const(8000)  # how long a call is on the screen; a second one meanwhile finds the phone busy
STRANGERS = const(5)  # answers to strangers within a second: who looks for the phone by hand sends fewer
SAID_BURST = const(8)  # lines of the journal, of 64, that need not wait
SAID_EVERY_MS = const(600000)  # then one in ten minutes: who forges calls must not wash out the rest


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
        self.answers = Answers(config.sip.timers, managers.port)
        self.seed = entropy(4)
        self.heard = []  # (call_id, cseq, tag, until) of the last calls
        self.ring_due = None
        self._pace = 0  # ms: where a journal with a line each SAID_EVERY_MS would stand
        self._unsaid = 0
        self._strangers = Crowd(STRANGERS)
        outside.news(calls)

    def receive(self, message, address, now):
        """A request: effects. address: (host, port) that sent it."""
        manager = self.managers.known(address)
        out = self.answers.again(message, address, now)
        if out is not None:
            return out
        if message.method == "ACK":  # to what was answered long ago: it is never answered (RFC 3261 17.1.1.3)
            return []
        if not manager and not self._strangers.admits(now):
            self.managers.odd += 1
            return []
        from phone.core.answering import answered
        from phone.wire.sip import DATAGRAM_MAX, reply_to

        data, done = answered(self, message, manager, address, now)
        if len(data) > DATAGRAM_MAX:  # so were its Vias: nobody means that
            self.managers.odd += 1
            return done
        if manager:
            return self.answers.give(message, data, address, now) + done
        return [SendTo(data, reply_to(message, address), self.answers.port)]

    def tick(self, now):
        """Time has passed: effects."""
        if self.ring_due is not None and now >= self.ring_due:
            self.ring_due = None
            self.calls.ringing = ""
        return self.answers.tick(now)

    def deadline(self):
        """When tick() is due, in ms, or None."""
        wait = self.answers.deadline()
        if self.ring_due is None:
            return wait
        return self.ring_due if wait is None else min(wait, self.ring_due)

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
