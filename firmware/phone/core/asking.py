"""What the phone asks one call manager, and when: one request at a time.

A job is a word; it is begun by ask(), or by tick() at its time:

    JOIN     REGISTER, to each of the manager's addresses until one answers
    KEEP     OPTIONS to the home, between the refreshes
    REFRESH  REGISTER to the home, before the registration ends
    CONFIRM  REGISTER after one of these two found silence: at each other address once, or here once more
    POLL     OPTIONS to one that is not in use
    RELEASE  REGISTER with Expires: 0 where a binding of ours may still stand

A REGISTER waits for the one before (RFC 3261 10.2); OPTIONS makes way for it. What answers mean: manager.py.
What knows the words of SIP (calling.py, digest) can be forgotten, so it is imported inside of functions.
"""

from binascii import hexlify

from micropython import const

from phone.core.calling import OPTIONS, REGISTER
from phone.core.home import Seat
from phone.core.transaction import Transaction
from phone.events import Asked
from phone.phrases import phrase

# Jobs, by the words of the time line.
JOIN, REFRESH, CONFIRM, RELEASE = "register", "refresh", "confirm", "release"
KEEP, POLL = "keep-alive", "poll"
_WHY = {REFRESH: KEEP, CONFIRM: KEEP}
# What it comes to.
GOOD, DEAD, BUSY, REFUSED, MOVED = "good", "dead", "busy", "refused", "moved"
RELEASE_MS = const(32000)  # 64 * T1: then who does not answer is forgotten
LATE_MS = const(2000)
UNKNOWN = phrase("has not been asked yet")


class Asking(Seat):
    """number: of its home in the configuration, -1: learned. uri: sip:HOST[:PORT]."""

    def __init__(self, all, label, number, uri):
        Seat.__init__(self, label)
        self.number, self.uri = number, uri
        host, _, port = uri[4:].partition(":")
        self.host, self.port = host.lower(), int(port or 0)
        self.home = False  # the phone is registered here, or believes so, and means to stay
        self.registered = False
        self.since = 0  # ms
        self.until = None  # ms at which the registration ends
        self.reason = UNKNOWN
        self.told = None  # what the journal was told of its failing last
        self.polled_at = None
        self.keep_at = self.refresh_at = self.poll_at = None
        self.bound = False  # a binding of ours may stand here
        self.targets = []  # (host, port), found by name
        self.tag = str(hexlify(all.entropy(8)), "ascii")
        self.cseq = self.asked = 0  # of REGISTER and OPTIONS
        self.here = self.contact = ("", 0)
        self.old = None
        self._number = 0  # of the request on the time line
        self._again = None  # ms at which the Contact is to be put right
        self._righted = -(1 << 30)  # ms at which it was
        self._all = all
        self._at = 0  # of targets
        self._left = 0  # addresses that may still be asked
        self._job = self._open = None
        self._session = None  # what digest.Session keeps
        self.looks = False  # for its address
        self._wanted = None  # a job that waits for the end of the one under way
        self._began = 0
        self._tries = 0
        self._proxy = False
        self._proved = False  # the request has credentials
        self._fresh = False  # of a nonce that no request had before: refused, they are wrong
        self.asks = False  # for the password at OPTIONS, too
        self._expires = all.timers["expires_ms"] // 1000
        self._gone = 0  # status of OPTIONS that once meant that the registration was lost

    # --- when ----------------------------------------------------------------------------------------

    @property
    def next_at(self):
        """When it is asked next, in ms, or None."""
        return self._due()[0]

    def _due(self):
        if self.home:
            keep, refresh = self.keep_at, self.refresh_at
            if keep is not None and (refresh is None or keep < refresh):
                return keep, KEEP
            return refresh, REFRESH
        if self.poll_at is None:
            return None, POLL
        return max(self.poll_at, self.not_before), RELEASE if self.bound and self.well else POLL

    @property
    def is_asked(self):
        """Whether something is under way, or about to be."""
        return bool(self._open or self.looks or self._wanted)

    @property
    def releases(self):
        """Whether a binding of ours is being taken back."""
        return self._wanted == RELEASE or self._open is not None and self._job == RELEASE

    def deadline(self):
        if self.looks:
            return None  # Net has the deadline, and tick() is called after it
        if self._open:
            wait = self._open.deadline()
            return min(wait, self._began + self._all.timers["give_up_ms"]) if self._wanted else wait
        return 0 if self._wanted else self.next_at

    def tick(self, now):
        """Go on; effects."""
        if self.looks:
            return self._look(now)
        if self._open:
            out = self._open.tick(now)
            if out:
                self._all.count("again", "")
            late = self._wanted and now >= self._began + self._all.timers["give_up_ms"]
            return out + self._silent(now) if late or self._open.timed_out else out
        if self._wanted:
            return self.ask(self._wanted, now)
        at, job = self._due()
        return self.ask(job, now) if at is not None and now >= at else []

    # --- what ----------------------------------------------------------------------------------------

    def ask(self, job, now):
        """Begin a job, or have it wait for a REGISTER that is under way; effects."""
        if self._open and self._job not in (POLL, KEEP):
            # One that registers serves for another one that does.
            self._wanted = job if RELEASE in (job, self._job) and job != self._job else None
            return []
        out = self.drop(now)
        self._job, self._tries, self._wanted = job, 0, None
        if job == POLL:
            self.polled_at = now
        if job == CONFIRM and len(self.targets) > 1:
            self._at, self._left = (self._at + 1) % len(self.targets), len(self.targets) - 1
        else:
            self._left = 1
        return out + self._look(now)

    def drop(self, now):
        """What is under way is over without an answer; effects."""
        out = [self._line("given up", now)] if self._open else []
        self._open, self.looks, self._wanted = None, False, None
        return out

    def late(self, now):
        """It answers what was given up, and may have registered us although nobody wants that: look soon."""
        if self.bound and not self.home and self.poll_at is not None:
            self.poll_at = min(self.poll_at, now + self._all.jitter.draw(LATE_MS, 0))

    def leave(self, now):
        """It is no longer home: it is polled like the others."""
        self.home = self.registered = False
        self.until = None
        self.poll_at = now + self._all.jitter.draw(self._all.timers["poll_ms"], 50)

    def _look(self, now):
        """Find its addresses where they are needed, and ask; effects."""
        # Who failed may have others by now, and the phone would never see that he is well.
        lost = self._job == POLL and self.well is False
        if not self.targets or self._job == JOIN or lost:
            found, out = None, []
            for _ in range(2):  # what is due may be to give a question up: then there is another to be asked
                if found is None:
                    found = self._all.net.lookup_sip(self.host, self.port, now)
                if found is None:
                    out += self._all.net.questions(now)
            self.looks = found is None
            if found is None:
                return out
            if not found:
                self._began, self.targets = now, []
                return self._end(DEAD, self._all.net.why(self.host), None, now)
            if found != self.targets:
                self.targets, self._at = list(found), 0
            if self._job == JOIN:
                self._left = len(found)
        return self._send(now)

    def session(self):
        """What the account has with this manager, as digest.Session; see _session."""
        from phone.wire.digest import Session

        account = self._all.config.sip
        return Session(account.auth_user, account.password, self._session)

    def _send(self, now):
        from phone.core import calling

        all, job = self._all, self._job
        method = OPTIONS if job in (KEEP, POLL) else REGISTER
        branch = calling.MAGIC + str(hexlify(all.entropy(8)), "ascii")
        here = (all.net.address, all.port)
        if here != self.here:
            if self.bound:  # under another address, which the network may have taken away meanwhile
                self.old, self._again = self.contact, now
            self.here = self.contact = here
        expires = None
        if method == REGISTER:
            self.cseq += 1
            expires = 0 if job == RELEASE else self._expires
            self.bound = True
        else:
            self.asked += 1
        credentials = None
        self._proved = self._session is not None and job != POLL and (job != KEEP or self.asks)
        if self._proved:
            cnonce = str(hexlify(all.entropy(8)), "ascii")
            session = self.session()
            value = session.answer(method, calling.uri(self, all.config), cnonce)
            self._session = session.kept
            self._fresh = session.fresh
            credentials = ("Proxy-Authorization" if self._proxy else "Authorization", value)
        data = calling.request(method, self, all.config, branch, credentials, expires)
        patience = RELEASE_MS if job == RELEASE else all.timers["give_up_ms"]
        target = self.targets[self._at]
        self._open = Transaction(branch, method, data, target, all.port, all.timers, patience, now)
        self._began = now
        all.number += 1
        self._number = all.number
        all.count("out", "")
        return [self._line("", now)] + self._open.start(now)

    def _line(self, word, now):
        """For the time line. Requests of SIP have numbers below zero, those of HTTP above."""
        path = OPTIONS if self._job in (KEEP, POLL) else REGISTER
        why = _WHY.get(self._job, self._job)
        if word:
            self._all.count(path, word)
        return Asked(-self._number, self.label, path, why, False, now - self._began if word else 0, word)
