"""The return to a better home: late, idle, drawn, one binding at a time, and later after each relapse."""

import pytest

from tests.story import sip
from tests.story.wards import (
    HOLD_MS,
    HOUR,
    MINUTE,
    TURN_MS,
    TWO_BINDINGS_MS,
    WORST_MS,
    Ward,
)

POLL_MS, RETURN_MS, IDLE_MS = 60000, 60000, 60000  # by default
# A poll begins a run of good ones, the next after the hold ends it; then U(0, 60 s).
LATEST_MS = POLL_MS + HOLD_MS + POLL_MS + RETURN_MS + TURN_MS
HOLD_MAX_MS = 3600000
RESET_MS = 4 * HOUR


def away(seed=1, names="AB", **options):
    """A ward whose phone was driven from A to B, and A is still dead."""
    ward = Ward(names, seed, **options)
    ward.settle()
    ward.world.run(MINUTE)
    ward["A"].silent()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    return ward


def returned(ward, most=LATEST_MS):
    return ward.leaves_for("A", most)


# --- late ---------------------------------------------------------------------------------------------------


def test_it_returns_after_three_good_polls_over_the_hold():
    waits = []  # from the moment at which it might go
    for seed in range(10):
        ward = away(seed)
        ward.world.run(5 * MINUTE)
        since = ward.world.now
        ward["A"].well()
        returned(ward)
        polls = [one for one in ward["A"].answered(200, "OPTIONS") if one.at > since]
        waits.append(ward.taken()[-1][0] - polls[0].at - HOLD_MS)
        assert len(polls) >= 3
        ward.world.run(TWO_BINDINGS_MS)
        ward.bound_once()
        assert not ward["B"].has(ward.phone)
        ward.page_of("A")
    assert 0 <= min(waits) < 20000 and 35000 < max(waits) <= RETURN_MS + TURN_MS, "U(0, 60 s)"


def test_three_polls_are_wanted_also_where_they_are_seldom():
    ward = away(timers={"poll_ms": 600000})
    ward.world.run(10 * MINUTE)
    since = ward.world.now
    ward["A"].well()
    returned(ward, 4 * 600000 + RETURN_MS)
    back = ward.taken()[-1][0]  # the release of the old binding stands in the place of one
    assert len([one for one in ward["A"].answered(200) if since < one.at < back]) >= 3


def test_a_bad_poll_begins_the_count_anew():
    ward = away()
    ward["A"].well()
    ward.world.run(100000)
    ward["A"].silent()
    ward.world.run(POLL_MS + 8000)  # at least one poll is lost
    since = ward.world.now
    ward["A"].well()
    assert returned(ward) >= HOLD_MS
    polls = [one for one in ward["A"].answered(200, "OPTIONS") if one.at > since]
    assert ward.taken()[-1][0] - polls[0].at >= HOLD_MS


def test_a_better_home_that_refuses_is_not_returned_to():
    ward = away()
    ward["A"].well()
    ward["A"].refuse(503, ("Retry-After", "30"))
    ward.world.run(20 * MINUTE)
    assert ward.home == "B" and len(ward.moves) == 2


def test_the_best_of_several_is_returned_to_and_the_next_best_meanwhile():
    ward = Ward("ABC")
    ward.settle()
    ward.world.run(MINUTE)
    ward["A"].silent()
    ward["B"].silent()
    ward.leaves_for("C", 2 * WORST_MS + TURN_MS)
    ward["B"].well()
    ward.leaves_for("B", LATEST_MS)
    ward["A"].well()
    ward.leaves_for("A", LATEST_MS)
    ward.world.run(MINUTE)
    ward.bound_once()


# --- idle ---------------------------------------------------------------------------------------------------


def test_it_does_not_return_while_somebody_uses_the_phone():
    """A key every 50 s holds it; a minute after the last it may go."""
    ward = away()
    ward["A"].well()
    for _ in range(12):
        ward.phone.press("down")
        ward.world.run(50000)
        assert ward.home == "B"
    last = ward.world.now - 50000
    returned(ward, IDLE_MS + RETURN_MS + TURN_MS)
    assert ward.world.now - last >= IDLE_MS


def test_it_does_not_return_while_something_is_half_typed():
    """A search in the directory: the first form of this phone."""
    ward = away()
    ward["A"].well()
    ward.phone.press("directory")
    ward.phone.wait_for("People of B")
    ward.phone.softkey("Search")
    ward.phone.press("2", "3")
    ward.world.run(20 * MINUTE)
    assert ward.home == "B" and ward.phone.screen.title == "Search: 23"
    ward.phone.press("back", "back", "back")
    ward.world.run(1000)
    assert "People of B" in ward.phone.screen.title
    returned(ward, IDLE_MS + RETURN_MS + TURN_MS)


def test_it_does_not_return_while_somebody_calls():
    ward = away()
    ward["A"].well()
    ward.world.run(HOLD_MS)
    for _ in range(20):
        ward["B"].invite(ward.phone, '"Ada" <sip:101@cm.test>')
        ward.world.run(10000)
        ward.phone.press("down")
    assert ward.home == "B"
    returned(ward, IDLE_MS + RETURN_MS + TURN_MS)


# --- make before break ------------------------------------------------------------------------------------


def test_it_registers_there_first_and_releases_the_old_one_after():
    ward = away()
    ward["A"].well()
    returned(ward)
    ward.world.run(1000)
    released = ward["B"].asked("REGISTER")[-1]
    assert released.expires == 0 and released.at >= ward.taken()[-1][0]
    assert not ward["B"].has(ward.phone)
    contacts = {sip.value(one.message.fields, "contact") for one in ward["B"].asked("REGISTER")}
    assert len({contact.split(">")[0] for contact in contacts}) == 1, "it releases what it bound"
    ward.bound_once(most=2000)


def test_an_old_home_that_does_not_answer_the_release_is_forgotten_after_32_s():
    ward = away()
    ward["A"].well()
    ward.world.lost = lambda data, whence, where: b"Expires: 0" in data or b"expires=0" in data
    returned(ward)
    since = ward.world.now
    ward.world.run(5 * MINUTE)
    tries = [one for one in ward["B"].requests if one.method == "REGISTER" and one.at > since]
    assert not tries and ward.home == "A"
    ward.world.lost = lambda data, whence, where: False
    ward.world.run(5 * MINUTE)
    assert ward.home == "A" and not ward["B"].asked("REGISTER", since + 40000)


def test_a_return_that_fails_moves_nothing_and_begins_the_count_anew():
    """A answers OPTIONS, but takes nobody."""
    ward = away()
    ward["A"].well()
    ward["A"].refuse(500, methods=("REGISTER",))
    ward.world.run(LATEST_MS)
    assert ward["A"].answered(500) and ward["B"].has(ward.phone) and len(ward.moves) == 2
    tried = len(ward["A"].answered(500))
    ward.world.run(20 * MINUTE)
    assert len(ward["A"].answered(500)) - tried <= 12
    assert ward["B"].has(ward.phone)
    ward["A"].refusal = None
    returned(ward)


def test_at_no_time_do_three_hold_a_binding():
    ward = Ward("ABC", sites=False)
    ward.settle()
    random = ward.world.random
    for _ in range(60):
        name = random.choice("ABC")
        getattr(ward[name], random.choice(("silent", "well", "well", "well")))()
        ward.world.run(random.randint(10000, 200000))
    for manager in ward.managers.values():
        manager.well()
    ward.world.run(30 * MINUTE)
    assert len([manager for manager in ward.managers.values() if manager.has(ward.phone)]) == 1


# --- relapses -----------------------------------------------------------------------------------------------


def relapse(ward):
    """A dies again just after the return; ms from its recovery to the next return."""
    ward.world.run(5000)
    ward["A"].silent()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward["A"].well()
    return returned(ward, HOLD_MAX_MS + LATEST_MS)


def test_the_hold_doubles_at_each_relapse_up_to_an_hour():
    ward = away(sites=False)
    ward["A"].well()
    returned(ward)
    for count in range(1, 7):
        hold = min(HOLD_MS * 2**count, HOLD_MAX_MS)
        took = relapse(ward)
        # After 80 minutes of unrest no return is within an hour after a leaving (core/home.py).
        latest = max(hold, HOUR) if count > 3 else hold
        assert hold <= took <= latest + LATEST_MS - HOLD_MS, (count, took)


def test_the_hold_resets_after_four_hours_without_a_relapse_and_not_sooner():
    for waits, holds in ((3.5 * HOUR, 4 * HOLD_MS), (4.5 * HOUR, HOLD_MS)):
        ward = away(sites=False)
        ward["A"].well()
        returned(ward)
        relapse(ward)
        ward.world.run(int(waits))
        took = relapse(ward)
        latest = holds if waits > RESET_MS else HOUR
        assert holds <= took <= latest + LATEST_MS - HOLD_MS, (waits, took)


def test_the_hold_outlives_a_loss_of_power():
    ward = away(sites=False)
    ward["A"].well()
    returned(ward)
    relapse(ward)
    ward.world.run(5000)
    ward["A"].silent()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(2 * HOUR)  # a record that changes often is written every half hour
    ward.phone.restart("power")
    ward.leaves_for("B", 40000)
    since = ward.world.now
    ward["A"].well()
    assert returned(ward, 8 * HOLD_MS) >= 4 * HOLD_MS, ward.world.now - since


PERIODS = (30, 60, 150, 300, 420, 900, 2400, 3600, 7200)


def flap(ward, period, share):
    """A is silent for `share` of each period, from now on."""
    a, world = ward["A"], ward.world

    def down():
        a.silent()
        world.after(int(period * share), up)

    def up():
        a.well()
        world.after(period - int(period * share), down)

    down()


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("period", PERIODS)
def test_a_primary_that_flaps_moves_nobody_often(period, share):
    """At most 12 moves in the first two hours, at most 2 an hour after, for the whole phone."""
    ward = Ward("AB", sites=False)
    ward.settle()
    since = ward.world.now
    flap(ward, period * 1000, share)
    ward.world.run(6 * HOUR)
    moves = [at - since for at, _ in ward.moves[1:]]
    assert len([at for at in moves if at <= 2 * HOUR]) <= 12, moves
    for hour in range(2, 6):
        within = [at for at in moves if hour * HOUR < at <= (hour + 1) * HOUR]
        assert len(within) <= 2, (hour, moves)
    worst = max((sum(1 for at in moves if start <= at < start + HOUR) for start in moves if start > 2 * HOUR),
                default=0)  # fmt: skip
    assert worst <= 2, moves
