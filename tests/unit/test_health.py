"""core/health.py: when a site is well, looked at again, slow, or wants to be left alone."""

from phone.core.health import CONFIRM_MS, PACE_MAX_MS, PACE_MIN_MS, REST_MAX_MS, Health
from phone.core.jitter import Jitter

REST, PROBE = 1000, 30000


def site(name="SEP1"):
    return Health(REST, PROBE, Jitter(name))


def drawn(ms, most):
    return most * 8 // 10 <= ms <= most


def test_a_persons_request_counts_in_full():
    health = site()
    assert health.well and not health.asked
    health.bad("refused", 50)
    assert not health.well and health.since == 50 and health.asked
    health.good("answered", 60)
    assert health.well and health.since == 60


def test_a_probe_alone_changes_nothing_but_is_confirmed_soon():
    health = site()
    health.bad("silent", 0, points=1)
    assert health.well and drawn(health.look_at, CONFIRM_MS)
    health.good("answers", 5000, 1)  # it was one lost datagram
    assert drawn(health.look_at - 5000, PROBE)
    health.bad("silent", 6000, points=1)
    assert health.well
    health.bad("silent", 7000, points=1)
    assert not health.well and health.since == 7000


def test_who_comes_back_is_looked_at_twice():
    health = site()
    health.bad("refused", 0)
    health.good("answers", 1000, 1)
    assert not health.well and drawn(health.look_at - 1000, CONFIRM_MS)
    health.bad("refused", 2000, points=1)
    health.good("answers", 3000, 1)
    assert not health.well, "the count begins anew"
    health.good("answers", 4000, 1)
    assert health.well and health.since == 4000


def test_each_further_failure_doubles_the_rest_up_to_the_limit():
    health = site()
    now = 0
    for number in range(12):
        health.bad("silent", now)
        assert drawn(health.look_at - now, min(REST << number, REST_MAX_MS)), number
        now = health.look_at
    health.good("answered", now)
    health.bad("silent", now)
    assert drawn(health.look_at - now, REST), "the first rest is short again"


def test_a_site_that_asks_for_time_gets_it():
    health = site()
    health.bad("busy", 0, 20000)
    assert health.is_asked_to_wait(19999) and not health.is_asked_to_wait(20000)
    assert health.look_at >= 20000
    health.bad("busy", 100)  # no new wish: the old one stands
    assert health.is_asked_to_wait(19999) and health.look_at >= 20000


def test_the_pace_is_what_nearly_all_answers_took():
    health = site()
    assert health.pace_ms == PACE_MIN_MS
    for ms in [400] * 19 + [1900]:
        health.took(ms)
    assert 400 <= health.pace_ms <= 416
    health.took(1900)
    assert health.pace_ms > 1800, "two of twenty are more than one in twenty"
    for _ in range(20):
        health.took(3)
    assert health.pace_ms == PACE_MIN_MS
    for _ in range(20):
        health.took(100000)
    assert health.pace_ms == PACE_MAX_MS


def test_phones_spread_and_one_phone_is_predictable():
    first = [site("SEP%d" % number).look_at for number in range(200)]
    assert all(0 <= ms <= PROBE for ms in first)
    assert min(first) < PROBE // 10 and max(first) > PROBE * 9 // 10 and len(set(first)) > 150
    assert site("SEP7").look_at == first[7]
