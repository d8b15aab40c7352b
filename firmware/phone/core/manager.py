"""One call manager: what its answers mean.

    JOIN --2xx--> registered here; KEEP and REFRESH at their times --2xx--> ...
     |              | silent, 5xx: CONFIRM --2xx--> registered here
     |              v                   |
     +--none--> DEAD, BUSY (503), REFUSED (4xx), MOVED (3xx): the home is left, or the next one is asked

A 401 is answered with the account's password; only a 401 to an answer that was made from its own fresh nonce
says that the password is wrong: after a restart of the manager each old nonce is refused, too. `_all` is
core/managers.py, which hears how each job ends.
"""

from micropython import const

from phone.core.asking import (  # what it comes to
    BUSY,
    CONFIRM,
    DEAD,
    GOOD,
    JOIN,
    KEEP,
    MOVED,
    POLL,
    REFRESH,
    REFUSED,
    RELEASE,
    Asking,
)
from phone.core.detection import EARLY_MS, LONG_MS
from phone.phrases import phrase

EXPIRES_MAX_S = const(3600)  # of Min-Expires: who wants more is obeyed so far
GRANTED_MAX_S = const(86400)  # more than a day is a mistake, and would last until the next start
_LEAST_S = const(4)  # who grants less would have us do nothing else
_TRIES = const(2)  # answers to 401 in one job: a second one where the first was only stale
_AGAIN_MS = const(60000)  # the Contact is put right so often: some translators change it at each request
SILENT = phrase("does not answer")
ANSWERS = phrase("answers")


class Manager(Asking):
    def receive(self, message, address, now):
        """An answer to the request under way: effects; None where it is nobody's."""
        if not self._open or not self._open.receive(message, address):
            return None
        return self._answered(self._open.final, now) if self._open.final else []

    def _silent(self, now):
        out = [self._line("silent", now)]
        self._open = None
        return out + self._fails(SILENT, now)

    def _fails(self, reason, now):
        """No answer, or none that is worth one: the next address, a confirmation, or it is dead; effects."""
        self._left -= 1
        if self._left > 0 and self._job in (JOIN, CONFIRM):
            self._at = (self._at + 1) % len(self.targets)
            self._tries = 0
            return self._send(now)
        if self._job in (KEEP, REFRESH) and self.home:
            from phone.core.deeds import doubts

            return doubts(self._all, self, reason, now) + self.ask(CONFIRM, now)
        if self._job == POLL and self.targets:
            self._at = (self._at + 1) % len(self.targets)
        return self._end(DEAD, reason, None, now)

    def _answered(self, message, now):
        self._open = None  # before anything that takes room: what broke off is begun again, not waited for
        out = [self._line(str(message.status), now)]
        status, register = message.status, self._job not in (KEEP, POLL)
        self._see(message, now)
        if status in (401, 407) and self._job != POLL:
            return out + self._challenged(message, now)
        if status < 300:
            said = message.get(b"authentication-info")
            if said and self._proved and not self._proves(said):
                return out + self._fails(phrase("cannot prove that it knows the phone's password"), now)
            return out + (self._granted(message, now) if register else self._end(GOOD, ANSWERS, message, now))
        if status == 503:
            return out + self._end(BUSY, phrase("is busy (503)"), message, now)
        if status == 423 and register:
            return out + self._longer(message, now)
        if status == 408 or status >= 500 and (register or status != 501):  # 501: alive, and knows no OPTIONS
            return out + self._fails(phrase("fails (%d)", status), now)
        if not register:
            return out + self._odd(message, now)
        result = MOVED if status < 400 else REFUSED
        return out + self._end(result, phrase("refuses the phone (%d)", status), message, now)

    def _proves(self, said):
        """Whether Authentication-Info is not wrong."""
        session = self.session()
        right = session.proves(said)
        self._session = session.kept
        return right is not False

    def _odd(self, message, now):
        """OPTIONS was refused: it lives, but the registration may be gone. Once: some always refuse."""
        status = message.status
        if self._job == KEEP and status != self._gone and status not in (405, 501):
            self._gone = status
            from phone.core.deeds import forgotten

            return forgotten(self._all, self, status, now) + self.ask(REFRESH, now)
        return self._end(GOOD, ANSWERS, message, now)

    def _challenged(self, message, now):
        """It wants a password: once more with one, or it does not know the one we have; effects."""
        from phone.wire import digest

        self._proxy = message.status == 407
        self.asks = self.asks or self._job == KEEP
        found = digest.challenge(message.raw(b"proxy-authenticate" if self._proxy else b"www-authenticate"))
        wrong = self._proved and self._fresh  # and not only a nonce that is good no more
        if found and (found.stale or not wrong) and self._tries < _TRIES:
            self._tries += 1
            session = self.session()
            session.take(found)
            self._session = session.kept
            return self._send(now)
        if self._job == KEEP:  # it lives; the next refresh will tell
            return self._end(GOOD, ANSWERS, None, now)
        said = phrase("refuses the phone's password")
        if not self._all.config.sip.password:
            said = phrase("asks for a password, and the phone has none")
        if not found:
            said = phrase("asks for a password in a way that the phone does not know")
        return self._end(REFUSED, said, message, now)

    def _longer(self, message, now):
        """423: it wants fewer refreshes; effects."""
        from phone.core.calling import seconds_of

        least = min(seconds_of(message, b"min-expires", 0), EXPIRES_MAX_S)
        if least <= self._expires:
            return self._end(REFUSED, phrase("refuses the phone (%d)", message.status), message, now)
        self._expires = least
        said = phrase("%s registers for %d s at least.", self.label, self._expires)
        return self._all.say(said, now) + self._send(now)

    def _granted(self, message, now):
        """REGISTER was taken; effects."""
        from phone.core.calling import granted_s

        all, job = self._all, self._job
        if job == RELEASE:
            return self._end(GOOD, ANSWERS, None, now)
        granted = granted_s(message, self.contact, self._expires)
        if not granted:  # a manager that is being emptied may say no in this way
            return self._end(REFUSED, phrase("refuses the phone (%d)", message.status), message, now)
        ms = 1000 * min(granted, GRANTED_MAX_S)
        if not self.registered:
            self.registered, self.since = True, now
        self.until = now + ms
        ms = max(ms, 1000 * _LEAST_S)
        self.refresh_at = now + (ms - EARLY_MS if ms > LONG_MS else all.jitter.draw(ms // 2, 90))
        return self._end(GOOD, ANSWERS, message, now)

    def _see(self, message, now):
        """Behind a translator of addresses the manager sees us elsewhere: that is our Contact. What it saw in
        401 goes into the answer at once, what it saw later into a refresh, with the old Contact taken back.
        """
        from phone.core.calling import seen as see

        seen = see(message, self.here)
        fresh = message.status in (401, 407)
        if self._job not in (POLL, KEEP) and message.status < 300:
            if self.old:  # it was taken back in this request
                self._righted = now
            self.old = self._again = None
        if seen == self.contact or self._job in (POLL, RELEASE):
            return
        if seen == self.old:  # back where it stands
            self.old = None
        elif not self.old and (self.registered or not fresh):  # what was seen in between stands nowhere
            self.old = self.contact
        self.contact = seen
        if not fresh:
            self._again = max(now, self._righted + _AGAIN_MS)

    def _end(self, result, reason, message, now):
        """The job is over; effects."""
        all, job, self._job = self._all, self._job, None
        timers = all.timers
        self.reason = reason
        if result == GOOD:
            self.told = None
        if job == RELEASE or result in (BUSY, REFUSED, MOVED) and not self.registered:
            self.bound = False
        if job == RELEASE:
            self.registered = False
        self.keep_at = now + all.jitter.draw(timers["options_ms"]) if timers["options_ms"] else None
        self.poll_at = now + all.jitter.draw(timers["poll_ms"], 50)
        if job == POLL and result == GOOD and self.bound:
            self.poll_at = now  # it is back, and so may be an old binding of ours
        if job == KEEP and result == GOOD and message:
            self._gone = 0 if message.status < 300 else self._gone
        if self._again is not None and self.refresh_at is not None:
            self.refresh_at = min(self.refresh_at, self._again)
        return all.over(self, job, result, message, now)
