"""SIP transactions over UDP: a request of ours until its final answer, and answers of ours that may be wanted
again (RFC 3261 section 17). Nothing here waits: who owns one asks for deadline() and calls tick().

    start --> asked --answer--> final              0, T1, 3 T1, 7 T1 ... at most T2 apart: sent again
                 \\--give_up_ms--> timed out        late answers are nobody's
"""

from micropython import const

from phone.events import SendTo

_FACTOR = const(64)  # times T1: how long a request may be sent again (RFC 3261 17.1.2.2, timers F, H and J)
_ABSORB_MS = const(5000)  # T4: how long a datagram can be on its way
_ANSWERS_MAX = const(8)  # kept; a manager that rings, cancels and asks after the phone has three under way


class Transaction:
    """A request that is no INVITE (17.1.2). branch: of its Via. data: its bytes. address: (host, port) to
    which it goes. port: ours. timers: config.sip.timers.
    """

    def __init__(self, branch, method, data, address, port, timers, give_up_ms, now):
        self.final = None  # the Message that ended it
        self.timed_out = False
        self.began = now
        self._what = branch, method, address
        self._sent = SendTo(data, address, port)
        self._wait = timers["t1_ms"]
        self._most = timers["t2_ms"]
        self._next = now
        self._end = now + give_up_ms

    def start(self, now):
        """The request, as effects."""
        return self.tick(now)

    def receive(self, message, address):
        """Whether this is an answer to it, from where it went; a later final one changes nothing."""
        if self.timed_out or not message.status or (message.branch, message.method, address) != self._what:
            return False
        if not self.final:
            if message.status >= 200:
                self.final = message
            else:
                self._wait = self._most  # it is heard: ask seldom (timer E, Proceeding)
        return True

    def tick(self, now):
        """It is sent again, or given up; effects."""
        if self.deadline() is None or now < self.deadline():
            return []
        if now >= self._end:
            self.timed_out = True
            return []
        self._next = now + self._wait
        self._wait = min(2 * self._wait, self._most)
        return [self._sent]

    def deadline(self):
        return None if self.final or self.timed_out else min(self._next, self._end)


class _Answer:
    def __init__(self, sent, until):
        self.sent = sent
        self.until = until  # ms; forgotten then
        self.next = None  # ms; a final answer to an INVITE is sent again then
        self.wait = 0


class Answers:
    """What the phone answered lately: a request that comes again is answered with the same bytes (17.2.2), a
    final answer to an INVITE is sent until its ACK comes (17.2.1). port: ours.
    """

    def __init__(self, timers, port):
        self.port = port
        self._t1, self._t2 = timers["t1_ms"], timers["t2_ms"]
        self._kept = {}

    def again(self, message, address, now):
        """Effects where this request was answered before, or is the ACK of an answer; None: it is new.
        address: (host, port) from which it came.
        """
        answer = self._kept.get(_key(message, address))
        if answer is None or now >= answer.until:
            return None
        if message.method != "ACK":
            return [answer.sent] if answer.sent else []
        if answer.next is None:
            return []  # of what was acknowledged before
        answer.next = answer.sent = None  # Confirmed: an INVITE that was on its way is absorbed
        answer.until = now + _ABSORB_MS
        return []

    def give(self, message, data, address, now):
        """Answer a request with these bytes, in place of a provisional answer perhaps; effects."""
        from phone.wire.sip import reply_to  # here, so that it can be forgotten

        key = _key(message, address)
        self._kept.pop(key, None)
        if len(self._kept) >= _ANSWERS_MAX:
            # The oldest that nobody waits for: an INVITE without its ACK goes last.
            order = [(answer.next is not None, answer.until, old) for old, answer in self._kept.items()]
            del self._kept[min(order)[2]]
        answer = _Answer(SendTo(data, reply_to(message, address), self.port), now + _FACTOR * self._t1)
        self._kept[key] = answer
        if message.method == "INVITE" and data[8:9] != b"1":
            answer.wait = self._t1
            answer.next = now + answer.wait
        return [answer.sent]

    def tick(self, now):
        """Answers that nobody acknowledged, once more; effects."""
        out = []
        for key, answer in list(self._kept.items()):
            if now >= answer.until:
                del self._kept[key]
            elif answer.next is not None and now >= answer.next:
                answer.wait = min(2 * answer.wait, self._t2)
                answer.next = now + answer.wait
                out.append(answer.sent)
        return out

    def deadline(self):
        """Of those that are sent again; the others are forgotten when there is something to do."""
        waits = [min(answer.next, answer.until) for answer in self._kept.values() if answer.next is not None]
        return min(waits) if waits else None


def _key(message, address):
    """What a request and the same one again have in common (17.2.3), and the ACK of its INVITE."""
    method = "INVITE" if message.method == "ACK" else message.method
    return message.branch, method, message.cseq, message.call_id, address
