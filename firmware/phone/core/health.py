"""Is this server alive, and how soon does it answer? What is known of one site, from what it did.

A counter with two thresholds (the idea of HAProxy's checks): FALL points of bad signs in a row make
a site unwell, RISE points of good ones well again. What happened to a waiting person's request counts in
full, a probe counts one: a single lost datagram moves nobody, and a server that just came back is looked at
twice.

    well --FALL bad--> unwell: asked last, looked at after a rest that doubles with each failure
     ^                   |
     +------ RISE good --+

`not_before` is the site's own word (Retry-After): it is never asked earlier. `look_at` is when idle
time should be spent on a probe (core/probe.py); each wait is drawn at 80 to 100 %.
"""

from micropython import const

from phone.phrases import phrase

RISE = FALL = 2
CONFIRM_MS = 5000  # after a sign against what we believe: look again soon
REST_MAX_MS = 300000  # a site that comes back is noticed within five minutes at the latest
PACE_MIN_MS = 250  # the shortest wait before another server is asked too (RFC 8305 section 5)
PACE_MAX_MS = 2000  # the longest (RFC 8305 section 8)
_SAMPLES = const(20)  # the second greatest of 20 is their 95th percentile
_UNIT_MS = const(16)  # one byte a sample: up to 4 s


class Health:
    def __init__(self, rest_ms, probe_ms, jitter):
        self.well = True
        self.asked = False  # whether there is any sign at all
        self.reason = phrase("not asked yet")  # what the last sign was
        self.since = None  # ms of the last change between well and unwell
        self.seen = 0  # ms of the last sign
        self.not_before = 0  # ms; the site asked us to keep away until then
        # A ward that is switched on at once spreads its first looks over the whole interval.
        self.look_at = jitter.draw(probe_ms, 0)
        self._rest_ms = rest_ms
        self._probe_ms = probe_ms
        self._jitter = jitter
        self._run = 0  # points in a row against `well`
        self._rests = 0
        self._took = b""  # the last waits for a first byte

    def good(self, reason, now, points=RISE):
        """It answered: points 1 for a probe."""
        self._sign(True, points, reason, now)
        self.not_before = 0
        if self.well:
            self._rests = 0
        self.look_at = now + self._jitter.draw(self._probe_ms if self.well else CONFIRM_MS)

    def bad(self, reason, now, retry_after_ms=0, points=FALL):
        """It failed, or asked to be left alone for a while."""
        self._sign(False, points, reason, now)
        rest = CONFIRM_MS
        if not self.well:
            rest = min(self._rest_ms << min(self._rests, 16), REST_MAX_MS)
            self._rests += 1
        self.look_at = now + self._jitter.draw(rest)
        if retry_after_ms:
            self.not_before = max(self.not_before, now + retry_after_ms)
        self.look_at = max(self.look_at, self.not_before)

    @property
    def sure(self):
        """Well, and the last sign said so too."""
        return self.well and not self._run

    def is_asked_to_wait(self, now):
        return now < self.not_before

    def took(self, ms):
        """It sent its first byte after `ms`."""
        sample = bytes((min(ms // _UNIT_MS + 1, 255),))
        self._took = (self._took + sample)[-_SAMPLES:]

    @property
    def pace_ms(self):
        """How long nearly all of its answers took to begin, within the bounds of a hedge."""
        ranked = sorted(self._took)
        late = ranked[min(len(ranked) * 19 // 20, _SAMPLES - 2)] * _UNIT_MS if ranked else 0
        return max(PACE_MIN_MS, min(late, PACE_MAX_MS))

    def _sign(self, good, points, reason, now):
        self.reason = reason
        self.asked = True
        self.seen = now
        if good == self.well:
            self._run = 0
            return
        self._run += points
        if self._run >= (RISE if good else FALL):
            self.well = good
            self.since = now
            self._run = 0
