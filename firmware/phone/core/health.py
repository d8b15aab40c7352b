"""Is this server alive? What is known of one site, from what it did.

Two counters with thresholds (the idea of HAProxy's checks): `fall` bad signs in a row make it
unwell, `rise` good ones make it well again. An unwell site is not asked first any more until it
has rested; each further failure doubles the rest, so that a dead site costs a waiting person
less and less often. `not_before` is the site's own word (Retry-After): it is never asked earlier.

    well --fall bad--> unwell, resting --rest over--> unwell, rested (may be tried first again)
     ^                                                    |
     +------------------- rise good ---------------------+
"""

REST_MAX_MS = 300000  # a site that comes back is noticed within five minutes at the latest


class Health:
    def __init__(self, rest_ms, rise=1, fall=1):
        self.well = True
        self.asked = False  # whether there is any sign at all
        self.reason = "not asked yet"  # a sentence about the last sign
        self.since = None  # ms of the last change between well and unwell
        self.not_before = 0  # ms; the site asked us to keep away until then
        self.rest_until = 0  # ms; while unwell: tried last until then
        self._rest_ms = rest_ms
        self._rise = rise
        self._fall = fall
        self._run = 0  # signs in a row against `well`
        self._rests = 0

    def good(self, reason, now):
        self.reason = reason
        self.asked = True
        self.not_before = 0
        self._rests = 0
        if self.well:
            self._run = 0
            return
        self._run += 1
        if self._run >= self._rise:
            self._turn(True, now)

    def bad(self, reason, now, retry_after_ms=0):
        self.reason = reason
        self.asked = True
        if retry_after_ms:
            self.not_before = now + retry_after_ms
        if self.well:
            self._run += 1
            if self._run >= self._fall:
                self._turn(False, now)
        else:
            self._run = 0
        if not self.well:
            self.rest_until = now + min(self._rest_ms << min(self._rests, 16), REST_MAX_MS)
            self._rests += 1

    def is_asked_to_wait(self, now):
        return now < self.not_before

    def is_resting(self, now):
        return not self.well and now < self.rest_until

    def _turn(self, well, now):
        self.well = well
        self.since = now
        self._run = 0
