"""How long a server or a call manager in use can be dead before the phone knows it: the worst case, from the
timers alone.

Nobody presses a key meanwhile (who does knows at once), and the other servers do what they like. Counted from
the moment at which its last answer came:

    last answer                                            known: asked last from now on
    |------ probe_ms ------|- look -|- CONFIRM_MS -|- look -|

* The next look begins probe_ms after the last answer at the latest: it is drawn at 80 to 100 % of it.
* A look that fails lasts connect_ms and first_byte_ms at the longest (the connection is taken in the last
  moment, and nothing is answered), and never longer than request_ms. Its name costs nothing: whoever served
  has an address, and the resolver keeps that against silence.
* One bad look of a site that is well is confirmed CONFIRM_MS later at the latest, and that is the second
  point.
* Nothing else is in the way: core/probe.py looks at another site only where that is over when the site in
  use is due, and leaves it a place among the PROBES_MAX of its minute. Where there is none left for the
  confirmation, the first bad look is enough. The looks at the site in use are no hindrance to each other:
  with probe_ms of at least 36 s (its least), three of them and a confirmation take 61 s at their closest.

Over TLS a look is a TCP connect while the site is well, and whole once in WHOLE_MS: a server that still takes
connections and does no more may be known only after the next whole one.

A call manager is asked by itself, key or no key:

    last answer                                      known: left
    |------ options_ms -----|- give_up_ms -|- give_up_ms, for each of its addresses -|
                               OPTIONS        REGISTER, which confirms

The OPTIONS come at 80 to 100 % of options_ms after the last answer; without any (0), the REGISTER that
refreshes comes after half of what was granted, or ten minutes before its end (core/manager.py).
"""

from phone.core.health import CONFIRM_MS
from phone.core.probe import WHOLE_MS

LONG_MS, EARLY_MS = 1200000, 600000  # 3GPP TS 24.229 5.1.1.4.1: what is longer is refreshed so early


def look_ms(timers):
    """The longest look at a server that does not answer."""
    return min(timers["request_ms"], timers["connect_ms"] + timers["first_byte_ms"])


def detection_ms(timers):
    """The worst case for a server that has stopped working."""
    return timers["probe_ms"] + CONFIRM_MS + 2 * look_ms(timers)


def registration_ms(sip, targets=1):
    """The worst case for a call manager with so many addresses; sip: of the configuration."""
    timers = sip.timers
    granted = timers["expires_ms"]
    refresh = granted // 2 if granted <= LONG_MS else granted - EARLY_MS
    wait = min(timers["options_ms"] or refresh, refresh)
    return wait + timers["give_up_ms"] * (1 + targets)


def half_dead_ms(timers):
    """The same for a server over TLS that still takes connections."""
    return WHOLE_MS + detection_ms(timers)
