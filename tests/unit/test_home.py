"""core/home.py: where the phone registers, when it leaves and returns; and what a flapping primary costs."""

import sys

from phone.checks_sip import TIMERS
from phone.core.home import BACK, GOODS, HERE, HOLD_MAX_MS, QUIET_MS, REST, STORMY_MS, TRY, WAIT, Home, Seat
from phone.core.jitter import Jitter

MINUTE, HOUR = 60000, 3600000


def timers(**changed):
    out = {name: TIMERS[name][0] for name in TIMERS}
    out.update(changed)
    return out


def home(*labels, name="SEP1", **changed):
    out = Home(timers(**changed), Jitter(name))
    out.seats = [Seat(label) for label in labels]
    return out


def at_home(*labels, **changed):
    """A Home that is registered at the first since 0."""
    out = home(*labels, **changed)
    out.begin(out.seats[0], 0, 0)
    assert out.tick(True, 0) is out.seats[0]
    assert out.registered(0) is None
    return out


def polls(home, seat, good, since, until, every=45000):
    """Poll it at this pace; the time of the next one."""
    while since <= until:
        home.polled(seat, good, since)
        since += every
    return since


def due(home, calm=True):
    """Let it come to its deadline: (ms, the seat it wants)."""
    now = home.deadline(calm, 0)
    return now, home.tick(calm, now)


def test_the_first_registration_is_spread():
    waits = []
    for number in range(40):
        one = home("A", "B", name="SEP%d" % number)
        one.begin(one.seats[0], 1000)
        assert one.state == WAIT and one.tick(True, 1000) in (None, one.seats[0])
        waits.append(one.deadline(True, 1000) - 1000 if one.deadline(True, 1000) else 0)
    assert max(waits) <= 30000 and max(waits) > 25000 and min(waits) < 5000


def test_the_home_that_was_remembered_comes_first():
    one = home("A", "B", "C")
    one.begin(one.seats[1], 0, 0)
    order = [one.tick(True, 0)]
    for _ in range(2):
        one.failed(0)
        order.append(one.tick(True, 0))
    assert [seat.label for seat in order] == ["B", "A", "C"]


def test_a_dead_home_is_left_at_once_and_a_busy_one_after_the_spread():
    one = at_home("A", "B")
    one.leave(5000)
    assert one.tick(True, 5000).label == "B" and one.state == TRY
    assert one.registered(5100).label == "A" and one.at.label == "B" and one.state == HERE
    one = at_home("A", "B")
    one.spread_ms = 20000  # as the server said
    one.leave(5000, True)
    at, seat = due(one)
    assert 5000 < at <= 25000 and seat.label == "B"


def test_those_that_polls_call_well_come_first_and_dead_ones_last():
    one = at_home("A", "B", "C", "D")
    one.polled(one.seats[1], False, 1000)
    one.polled(one.seats[3], True, 1000)
    one.leave(5000)
    order = []
    while one.state != REST:
        seat = one.tick(True, 5000)
        if seat:
            order.append(seat.label)
            one.failed(5000)
    assert order == ["D", "C", "B"], "each once; A was asked by its own keep-alive"


def test_when_all_are_dead_the_waits_are_those_of_rfc_5626():
    one = at_home("A", "B")
    one.leave(0)
    now, waits, asked = 0, [], []
    for _ in range(8):
        seat = one.tick(True, now)
        while seat:
            asked.append(seat.label)
            one.failed(now)
            seat = one.tick(True, now)
        assert one.state == REST
        waits.append(one.deadline(True, now) - now)
        now = one.deadline(True, now)
    for number, wait in enumerate(waits):
        whole = min(300000, 30000 << number)
        assert whole // 2 <= wait <= whole, (number, wait)
    assert len({wait * 100 // min(300000, 30000 << n) for n, wait in enumerate(waits)}) > 2, "at random"
    assert asked[:3] == ["B", "A", "B"] and asked.count("A") == 7 and one.at.label == "A"


def test_one_that_comes_back_ends_the_rest_and_one_that_always_answered_does_not():
    one = at_home("A", "B")
    one.leave(0)
    one.tick(True, 0)
    one.failed(0)
    assert one.tick(True, 0) is None and one.state == REST
    one.polled(one.seats[1], True, 1000)  # it answers OPTIONS, and takes nobody
    assert one.deadline(True, 1000) > 1000
    one.polled(one.seats[0], False, 1500)
    one.polled(one.seats[0], True, 2000)
    assert one.deadline(True, 2000) == 2000 and one.tick(True, 2000).label == "A"


def test_a_busy_seat_is_not_asked_before_its_time_and_all_are_not_asked_together():
    ends = []
    for number in range(30):
        one = home("A", "B", name="SEP%d" % number)
        one.busy(one.seats[0], 60000, 0)
        ends.append(one.seats[0].not_before)
    assert min(ends) >= 60000 and max(ends) <= 90000 and max(ends) - min(ends) > 15000
    one = home("A", "B")
    one.busy(one.seats[0], 0, 0)
    assert 0 <= one.seats[0].not_before <= 5000
    one.busy(one.seats[0], 99999999, 0)
    assert one.seats[0].not_before == HOLD_MAX_MS
    one.busy(one.seats[1], 1000000, 0)
    one.begin(one.seats[0], 0, 0)
    assert one.tick(True, 0) is None and one.state == REST
    assert one.deadline(True, 0) == one.seats[1].not_before, "nobody may be asked before"
    assert one.tick(True, one.deadline(True, 0)).label == "B"


def test_who_refuses_is_asked_again_seldom_and_less_and_less():
    one = home("A")
    waits = []
    for _ in range(8):
        one.refused(one.seats[0], 0)
        waits.append(one.seats[0].not_before)
    assert 150000 <= waits[0] <= 300000 and waits[-1] >= 1800000 and max(waits) <= HOLD_MAX_MS


def test_the_return_needs_good_polls_over_the_hold_a_calm_phone_and_a_draw():
    one = at_home("A", "B")
    one.leave(0)
    one.tick(True, 0)
    one.registered(100)
    a = one.seats[0]
    one.polled(a, True, 10000)
    one.polled(a, True, 70000)
    assert one.tick(True, 129999) is None and one.deadline(True, 129999) == QUIET_MS, "two polls"
    one.polled(a, True, 125000)
    assert a.goods == GOODS and one.deadline(True, 125000) == 130000, "120 s after the first of them"
    assert one.tick(False, 130000) is None and one.state == HERE, "somebody uses the phone"
    assert one.tick(True, 140000) is None and 140000 <= one.deadline(True, 140000) <= 200000
    ready = one.deadline(True, 140000)
    assert one.tick(False, ready) is None, "conditions are looked at again"
    assert one.tick(True, ready + 1) is None and one.deadline(True, ready + 1) > ready
    ready = one.deadline(True, ready + 1)
    assert one.tick(True, ready) is a and one.state == BACK and one.at.label == "B"
    assert one.registered(ready + 50).label == "B" and one.at is a and one.state == HERE


def test_a_bad_poll_and_a_return_in_vain_begin_the_run_anew():
    one = at_home("A", "B")
    one.leave(0)
    one.tick(True, 0)
    one.registered(0)
    a = one.seats[0]
    now = polls(one, a, True, 0, 200000)
    one.polled(a, False, now)
    assert one.tick(True, now + 1) is None and one.deadline(True, now) == now + QUIET_MS
    begun = now + 45000
    polls(one, a, True, begun, begun + 200000)
    assert one.deadline(True, now) == begun + 120000
    one.tick(True, begun + 200000)
    at, seat = due(one)
    assert seat is a
    one.failed(at)
    assert one.state == HERE and one.at.label == "B" and a.goods == 0
    assert one.relapses == 0 and one.hold_ms == 120000, "nothing moved"


def test_a_home_that_dies_while_the_phone_returns_is_no_second_try():
    one = at_home("A", "B")
    one.leave(0)
    one.tick(True, 0)
    one.registered(0)
    polls(one, one.seats[0], True, 0, 200000)
    one.tick(True, 200000)
    at, seat = due(one)
    one.leave(at + 10)
    assert one.state == TRY and one.target is seat and one.tick(True, at + 10) is None
    assert one.registered(at + 20).label == "B" and one.at.label == "A"


def relapse(one, now):
    """Leave A, and return to it as soon as that is allowed: (ms of leaving, ms of return)."""
    one.leave(now)
    assert one.tick(True, now).label == "B"
    one.registered(now)
    left = now
    while True:
        now += 45000
        one.polled(one.seats[0], True, now)
        if one.tick(True, now):
            one.registered(now)
            return left, now


def test_the_hold_doubles_at_each_relapse_and_an_hour_passes_between_returns_then():
    one = at_home("A", "B")
    now, holds, waits = 1000, [], []
    for _ in range(8):
        left, now = relapse(one, now)
        holds.append(one.hold_ms // 1000)
        waits.append((now - left) // 1000)
        now += 30000
    assert holds == [120, 240, 480, 960, 1920, 3600, 3600, 3600]
    for hold, wait in zip(holds, waits):
        assert hold <= wait <= hold + 200, (holds, waits)
    assert one.relapses == 7


def test_only_four_quiet_hours_set_the_hold_back():
    one = at_home("A", "B")
    _, now = relapse(one, 1000)
    _, now = relapse(one, now + 30000)
    assert one.hold_ms == 240000 and one.relapses == 1
    one.miss(now + HOUR)  # a lost keep-alive is no reason to move, and no quiet either
    assert one.tick(True, now + QUIET_MS) is None and one.relapses == 1
    assert one.deadline(True, now) == now + HOUR + QUIET_MS
    one.tick(True, now + HOUR + QUIET_MS)
    assert one.relapses == 0 and one.hold_ms == 120000 and one.unrest is None
    assert one.deadline(True, now + 5 * HOUR) is None
    one.leave(now + 2 * QUIET_MS)
    assert one.hold_ms == 120000, "after the quiet that is no relapse"


def test_a_hold_comes_back_from_the_flash():
    one = home("A", "B")
    one.recall(960000, 3, 0)
    assert one.hold_ms == 960000 and one.relapses == 3
    one.recall(999999999, 3, 0)
    assert one.hold_ms == HOLD_MAX_MS
    one.begin(one.seats[0], 0, 0)
    one.tick(True, 0)
    one.registered(0)
    one.leave(1000)
    assert one.relapses == 4, "a loss of power in between makes it no first time"
    one = home("A", "B")
    one.recall(960000, 0, 0)
    assert one.hold_ms == 120000 and one.unrest is None


def test_the_network_goes_and_comes():
    one = at_home("A", "B")
    one.stop()
    assert one.deadline(True, 99999) is None and one.tick(True, 99999) is None
    one.begin(one.at, 100000)
    at, seat = due(one)
    assert 100000 <= at <= 130000 and seat.label == "A"


# --- a primary that flaps ----------------------------------------------------------------------


class Phone:
    """One Home beside a model of its keep-alives: a request is sent at 0, .5, 1.5 and 3.5 s and given up
    after 7.5 s; the primary is up for `up` ms, then down for `down`. The backup is always well.
    """

    def __init__(self, up, down, phase, name):
        self.home = at_home("A", "B", name=name)
        self.up, self.period, self.phase = up, up + down, phase
        self.jitter = Jitter(name + "x")
        self.moves = []

    def asks(self, now):
        """(whether the primary answers, ms at which that is known)."""
        for wait in (0, 500, 1500, 3500):
            if (now + wait + self.phase) % self.period < self.up:
                return True, now + wait
        return False, now + 7500

    def run(self, until):
        now = steps = 0
        home = self.home
        a, b = home.seats
        while now < until:
            steps += 1
            assert steps < 200 + until // 5000, "a busy loop at %d" % now
            if home.at is a:
                now += self.jitter.draw(30000)
                good, now = self.asks(now)
                if not good:
                    home.miss(now)
                    good, now = self.asks(now)
                    if not good:
                        home.leave(now)
                        assert home.tick(True, now) is b
                        home.registered(now)
                        self.moves.append(now)
                else:
                    home.tick(True, now)
            else:
                poll = now + self.jitter.draw(60000, 50)
                wait = home.deadline(True, now)
                if wait is not None and wait < poll:
                    now = max(now, wait)
                    if home.tick(True, now):
                        good, now = self.asks(now)
                        if good:
                            home.registered(now)
                            self.moves.append(now)
                        else:
                            home.failed(now)
                else:
                    good, now = self.asks(poll)
                    home.polled(a, good, now)


def check(up, down, phase, hours, name="SEP7"):
    phone = Phone(up, down, phase, name)
    phone.run(hours * HOUR)
    told = "up %d s, down %d s, phase %d s: %s"
    told = told % (up // 1000, down // 1000, phase // 1000, [at // 1000 for at in phone.moves])
    first = phone.moves[0] if phone.moves else 0
    # Since it began to flap, and since that was noticed: short spells may go unnoticed for hours.
    for zero in (0, first) if first < HOUR or down > MINUTE else (first,):
        assert len([at for at in phone.moves if at - zero < 2 * HOUR]) <= 12, told
        later = [at for at in phone.moves if at - zero >= 2 * HOUR]
        for number, at in enumerate(later):  # any hour, not only those of a clock
            assert len([one for one in later[number:] if one - at < HOUR]) <= 2, told
    return len(phone.moves)


def test_a_primary_that_flaps_with_any_period_costs_twelve_moves_and_then_two_an_hour():
    micropython = sys.implementation.name == "micropython"
    periods = (30, 60, 150, 420, 1200, 2430, 3600, 7200)
    if not micropython:
        periods += (45, 75, 100, 180, 300, 600, 900, 1800, 2700, 3000, 4000, 5400)
    moved = 0
    for period in periods:
        for part in (10, 50, 80, 98) if micropython else (5, 10, 25, 40, 50, 60, 75, 80, 90, 95, 98):
            up = period * 10 * part
            moved += check(up, period * 1000 - up, 0 if part % 2 else up // 3, 5 if micropython else 12)
    assert moved > 100, "the model does move"


def test_where_the_hour_between_returns_is_what_keeps_it():
    """Up 50 minutes, down one: each leaving is a first one for the doubling."""
    assert STORMY_MS < 2 * HOUR
    assert check(50 * MINUTE, MINUTE, 0, 24) <= 26
