"""core/detection.py: the worst case, from the timers. tests/story/test_detection.py measures it."""

from phone.config import TIMERS, check
from phone.core.detection import detection_ms, half_dead_ms, look_ms, registration_ms


def timers(**changed):
    out = {name: TIMERS[name][0] for name in TIMERS}
    out.update(changed)
    return out


def test_with_the_timers_as_they_are_by_default():
    assert look_ms(timers()) == 4500
    assert detection_ms(timers()) == 36000 + 5000 + 2 * 4500
    assert half_dead_ms(timers()) == 3600000 + 50000


def test_it_follows_the_timers():
    assert look_ms(timers(request_ms=3000)) == 3000, "no look is longer than a request"
    assert detection_ms(timers(probe_ms=60000, connect_ms=1000, first_byte_ms=1000)) == 69000


def test_a_shorter_interval_would_not_fit():
    """Three looks at the site in use and a confirmation are more than a minute, at their closest."""
    default, least, _ = TIMERS["probe_ms"]
    closest = least * 80 // 100
    assert default >= least and 2 * closest + 4000 > 60000


def managed(**changed):
    return check({"homes": [{"manager": "sip:a"}], "sip": {"user": "1001", "timers": changed}})[0].sip


def test_a_call_manager():
    assert registration_ms(managed()) == 30000 + 7500 + 7500
    assert registration_ms(managed(), 3) == 30000 + 4 * 7500, "each address is asked to confirm it"
    assert registration_ms(managed(give_up_ms=2000, options_ms=10000)) == 14000


def test_a_call_manager_without_keep_alives_between_the_refreshes():
    assert registration_ms(managed(options_ms=0)) == 60000 + 15000
    assert registration_ms(managed(options_ms=0, expires_ms=3600000)) == 3000000 + 15000
    assert registration_ms(managed(options_ms=300000)) == 60000 + 15000, "the refresh comes first"
