"""core/health.py: when a site is well, rests, or wants to be left alone."""

from phone.core.health import REST_MAX_MS, Health


def test_a_site_is_well_until_it_fails():
    health = Health(1000)
    assert health.well and not health.is_resting(0)
    health.bad("refused", 50)
    assert not health.well and health.since == 50 and health.is_resting(1049) and not health.is_resting(1050)


def test_each_further_failure_doubles_the_rest_up_to_the_limit():
    health = Health(1000)
    rests = []
    now = 0
    for _ in range(12):
        health.bad("silent", now)
        rests.append(health.rest_until - now)
        now = health.rest_until
    assert rests[:4] == [1000, 2000, 4000, 8000] and rests[-1] == REST_MAX_MS


def test_one_good_sign_forgives():
    health = Health(1000)
    health.bad("silent", 0)
    health.bad("silent", 0)
    health.good("answered", 10)
    assert health.well and health.since == 10 and not health.is_resting(10)
    health.bad("silent", 20)
    assert health.rest_until == 1020


def test_thresholds_count_signs_in_a_row():
    health = Health(1000, rise=2, fall=3)
    for good in (False, False, True, False, False):
        health.good("", 0) if good else health.bad("", 0)
    assert health.well
    health.bad("", 5)
    assert not health.well
    health.good("", 6)
    health.bad("", 7)
    health.good("", 8)
    assert not health.well
    health.good("", 9)
    assert health.well


def test_a_site_that_asks_for_time_gets_it():
    health = Health(1000)
    health.bad("busy", 0, 20000)
    assert health.is_asked_to_wait(19999) and not health.is_asked_to_wait(20000)
    health.bad("busy", 100)  # no new wish: the old one stands
    assert health.is_asked_to_wait(19999)
