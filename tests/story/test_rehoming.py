"""Leaving a home: to whom, how soon, how a fleet spreads, and what a phone does whom nobody answers."""

import pytest

from tests.story import sip
from tests.story.managers import Manager, configuration, peak
from tests.story.wards import (
    GIVE_UP_MS,
    HOUR,
    MINUTE,
    SPREAD_MS,
    TURN_MS,
    WAY_MS,
    WORST_MS,
    Ward,
    gaps,
    taken,
)
from tests.story.world import World, homes

POINTER = "<%s>;purpose=backup-service;service=services;q=%s"
MANAGER = "<%s>;purpose=backup-call-manager;q=%s"


# --- to whom -----------------------------------------------------------------------------------------------


def test_the_next_in_order_is_taken():
    ward = Ward("ABCD", sites=False)
    ward.settle()
    ward.world.run(3 * MINUTE)
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    assert not ward["C"].asked("REGISTER") and not ward["D"].asked("REGISTER")


def test_polls_know_before_it_must_be_known():
    """B has been dead for a while: nobody waits for it."""
    ward = Ward("ABC", sites=False)
    ward.settle()
    ward["B"].kill()
    ward.world.run(3 * MINUTE)
    ward["A"].freeze()
    ward.leaves_for("C", WORST_MS + TURN_MS)
    assert not ward["B"].asked("REGISTER")


def test_those_not_in_use_are_polled_with_jitter():
    ward = Ward("ABC", sites=False)
    ward.settle()
    ward.world.run(2 * MINUTE)
    since = ward.world.now
    ward.world.run(HOUR)
    for name in "BC":
        waits = gaps(ward[name].times("OPTIONS", since))
        assert 29900 <= min(waits) and max(waits) <= 60000 + TURN_MS
        assert len(set(waits)) > 20 and not ward[name].asked("REGISTER")


def test_learned_managers_come_after_those_of_the_configuration_by_q():
    ward = Ward("AB", sites=False)
    told = [Manager(ward.world, "L%d" % at) for at in range(3)]
    ward["A"].pointers = [MANAGER % (one.uri, q) for one, q in zip(told, ("0.1", "0.9", "0.5"))]
    ward.settle()
    ward.managers.update({one.name: one for one in told})
    ward.world.run(3 * MINUTE)
    for name, bound in (("B", WORST_MS), ("L1", WORST_MS), ("L2", WORST_MS), ("L0", WORST_MS)):
        ward[ward.home].freeze()
        ward.leaves_for(name, bound + 2 * GIVE_UP_MS + TURN_MS)


def test_an_open_page_stays_and_its_links_work_on():
    ward = Ward("AB")
    ward.settle()
    ward.page_of("A")
    ward["A"].kill()
    ward.sites["A"].refuse()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(1000)
    assert "Services of A" in ward.phone.text(), "nobody takes a page away"
    ward.phone.press("1")
    ward.phone.wait_for("News of B")  # A refused, so no byte was sent: it is repeated at B


# --- how soon ----------------------------------------------------------------------------------------------


def fleet(world, count, *managers, **options):
    """So many phones of the same managers, each an extension of its own."""
    phones = []
    for number in range(count):
        user = "%d" % (2000 + number)
        for manager in managers:
            manager.users[user] = "secret" + user
        raw = configuration(*managers, sip={"user": user, "password": "secret" + user}, **options)
        raw["identity"]["name"] = "SEP%012d" % (7919 * number)
        phones.append(world.phone(config=raw, name=user))
    return phones


def arrivals(manager, since):
    """When each phone was there for the first time after `since`."""
    first = {}
    for one in manager.asked("REGISTER", since):
        first.setdefault(one.whence, one.at)
    return sorted(first.values())


FLEET, FLEET_SPREAD_MS = 100, 5000


def rehoming(trigger, spread=FLEET_SPREAD_MS, said=None):
    """When each of a hundred phones came to the backup."""
    world = World(7)
    a, b = Manager(world, "A"), Manager(world, "B")
    if said:
        a.pointers = ["<http://10.0.0.9/menu.xml>;purpose=backup-service;q=0.9;spread=%d" % (said // 1000)]
    phones = fleet(world, FLEET, a, b, timers={"spread_ms": spread})
    world.run(spread + 60000)
    assert len(a.bindings) == FLEET
    since = world.now
    trigger(world, a, b, phones)
    return arrivals(b, since)


def refuse(world, a, b, phones):
    a.refuse(503, ("Retry-After", "600"))


@pytest.mark.parametrize("said", [None, 8000])
def test_a_fleet_that_hears_503_spreads(said):
    """Each waits for U(0, spread) after it was told: the configuration's, or that of its manager."""
    spread = said or FLEET_SPREAD_MS
    waits = []

    def trigger(world, a, b, phones):
        refuse(world, a, b, phones)
        world.run(30000 + spread + TURN_MS)
        told = {}
        for answer in a.answered(503):
            told.setdefault(sip.via(sip.value(answer.message.fields, "via"))[:2], answer.at)
        waits.extend(b.asked("REGISTER", at, whence)[0].at - at for whence, at in told.items())

    times = rehoming(trigger, said=said)
    assert len(times) == FLEET
    assert peak(times) < 2 * FLEET / (spread / 1000)
    assert min(waits) < 0.1 * spread and 0.9 * spread < max(waits) <= spread + TURN_MS


def test_a_fleet_whose_switch_comes_back_spreads():
    def trigger(world, a, b, phones):
        a.kill()
        for phone in phones:
            phone.network(False)
        world.run(60000)
        for phone in phones:
            phone.network(True)
        world.run(FLEET_SPREAD_MS + 3 * GIVE_UP_MS)

    times = rehoming(trigger)
    assert len(times) == FLEET
    assert peak(times) < 2 * FLEET / (FLEET_SPREAD_MS / 1000)


def test_a_fleet_that_starts_together_spreads_and_is_there_in_time():
    world = World(3)
    a, b = Manager(world, "A"), Manager(world, "B")
    fleet(world, FLEET, a, b, timers={"spread_ms": FLEET_SPREAD_MS})
    world.run(FLEET_SPREAD_MS + 1000)
    times = arrivals(a, 0)
    assert len(a.bindings) == FLEET and not b.bindings
    assert peak(times) < 2 * FLEET / (FLEET_SPREAD_MS / 1000)
    assert times[-1] - times[0] > 0.8 * FLEET_SPREAD_MS, "all of the spread is used"


def test_a_fleet_that_finds_a_dead_manager_comes_at_once_and_still_spreads():
    """Their keep-alives are in any phase: nobody waits for U(0, spread)."""

    def trigger(world, a, b, phones):
        a.freeze()
        world.run(WORST_MS + TURN_MS)

    times = rehoming(trigger, spread=600000)
    assert len(times) == FLEET
    assert peak(times) < 3 * FLEET / 24  # OPTIONS have spread them over 24 s and more


# --- Retry-After -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [5, 60, 600])
def test_retry_after_is_never_undercut(seconds):
    for seed in range(5):
        ward = Ward("AB", seed, sites=False, timers={"spread_ms": 5000})
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 100000))
        ward["A"].refuse(503, ("Retry-After", "%d (maintenance)" % seconds))
        ward.leaves_for("B", 30000 + 5000 + TURN_MS)
        told = ward["A"].answered(503)[-1].at
        ward.world.run(seconds * 2000 + 2 * MINUTE)
        later = [one.at for one in ward["A"].requests if one.at > told]
        assert later and later[0] >= told + seconds * 1000, "%d ms too soon" % (
            told + seconds * 1000 - later[0]
        )
        for refused in [answer.at for answer in ward["A"].answered(503)][:-1]:
            asked = [one.at for one in ward["A"].requests if one.at > refused]
            assert asked[0] >= refused + seconds * 1000
        assert later[0] <= told + seconds * 1000 + max(seconds * 500, 5000) + 60000 + TURN_MS


def test_an_endless_retry_after_ends_after_an_hour():
    ward = Ward("AB", sites=False, timers={"spread_ms": 1000})
    ward.settle()
    ward["A"].refuse(503, ("Retry-After", "99999999"))
    ward.leaves_for("B", 31000 + TURN_MS)
    told = ward["A"].answered(503)[-1].at
    ward.world.run(2 * HOUR)
    later = [one.at for one in ward["A"].requests if one.at > told]
    assert told + HOUR <= later[0] <= told + 1.5 * HOUR + MINUTE


@pytest.mark.parametrize("value", ["", "soon", "-5", "5x"])
def test_a_503_that_does_not_say_when_is_a_503(value):
    ward = Ward("AB", sites=False, timers={"spread_ms": 1000})
    ward.settle()
    ward["A"].refuse(503, *[("Retry-After", value)] if value else [])
    ward.leaves_for("B", WORST_MS + TURN_MS)


def test_a_503_of_all_is_waited_for():
    """Both are told to wait: nobody is asked before his time, and the phone is back after it."""
    ward = Ward("AB", sites=False, timers={"spread_ms": 1000})
    ward.settle()
    for name in "AB":
        ward[name].refuse(503, ("Retry-After", "200"))
    ward.world.run_until(lambda: ward["A"].answered(503) and ward["B"].answered(503), 2 * MINUTE, "refusals")
    for name in "AB":
        ward[name].refusal = None
    told = {name: ward[name].answered(503)[-1].at for name in "AB"}
    since = ward.world.now
    ward.world.run_until(lambda: ward.taken(since), 10 * MINUTE, "a home")
    for name in "AB":
        later = [one.at for one in ward[name].requests if one.at > told[name]]
        assert not later or later[0] >= told[name] + 200000


# --- all dead ----------------------------------------------------------------------------------------------


def rounds(manager, since):
    """Begin and end of each bunch of REGISTERs."""
    found = []
    for at in manager.times("REGISTER", since):
        if not found or at - found[-1][1] > 2 * GIVE_UP_MS:
            found.append([at, at])
        found[-1][1] = at
    return [(begin, end + GIVE_UP_MS) for begin, end in found]


def test_all_dead_is_a_back_off_as_rfc_5626_has_it():
    """Waits are drawn from 50 to 100 % of 30 s, 60 s, 120 s, 240 s, 300 s, 300 s ..."""
    drawn = []
    for seed in range(6):
        ward = Ward("A", seed, sites=False)
        ward.settle()
        ward["A"].silent()
        since = ward.world.now
        ward.world.run(HOUR)
        tries = rounds(ward["A"], since)
        waits = [later[0] - sooner[1] for sooner, later in zip(tries, tries[1:])]
        assert len(waits) >= 10
        for count, wait in enumerate(waits):
            most = min(300000, 30000 * 2**count)
            assert most / 2 - 20 <= wait <= most + TURN_MS, (count, wait, waits)
            drawn.append(wait / most)
    assert min(drawn) < 0.6 and max(drawn) > 0.9


def test_the_back_off_begins_anew_after_a_success():
    ward = Ward("A", sites=False)
    ward.settle()
    ward["A"].silent()
    ward.world.run(30 * MINUTE)
    ward["A"].well()
    ward["A"].forget()
    ward.registered_at("A", 300000 + TURN_MS)
    ward["A"].silent()
    since = ward.world.now
    ward.world.run(5 * MINUTE)
    tries = rounds(ward["A"], since)
    assert tries[1][0] - tries[0][1] <= 30000 + TURN_MS


def test_with_all_dead_each_is_asked_once_a_round_and_the_first_that_answers_is_home():
    ward = Ward("ABC")
    ward.settle()
    for name in "ABC":
        ward[name].silent()
    since = ward.world.now
    ward.world.run(20 * MINUTE)
    counts = [len(ward[name].asked("REGISTER", since)) for name in "ABC"]
    assert max(counts) - min(counts) <= 2, counts
    ward.page_of("A")  # the pages do not wait for a manager
    ward["C"].well()
    ward.registered_at("C", 300000 + 6 * GIVE_UP_MS)


# --- 302 ---------------------------------------------------------------------------------------------------


def test_a_302_to_a_manager_that_is_known_is_followed():
    ward = Ward("ABC", sites=False, timers={"spread_ms": 3000})
    ward.settle()
    ward["A"].refuse(302, ("Contact", "<%s>" % ward["C"].uri), methods=("REGISTER",))
    ward.leaves_for("C", 60000 + 3000 + TURN_MS)
    assert not ward["B"].asked("REGISTER")


def test_a_302_to_a_learned_manager_is_followed():
    ward = Ward("AB", sites=False, timers={"spread_ms": 3000})
    told = Manager(ward.world, "L")
    ward["A"].pointers = [MANAGER % (told.uri, "0.5")]
    ward.settle()
    ward.managers["L"] = told
    ward.world.run(1000)
    ward["A"].refuse(302, ("Contact", "<%s>" % told.uri), methods=("REGISTER",))
    ward.leaves_for("L", 60000 + 3000 + TURN_MS)


def test_a_302_to_a_stranger_is_a_refusal():
    ward = Ward("AB", sites=False, timers={"spread_ms": 3000})
    stranger = Manager(ward.world, "E", host="10.0.9.9")
    ward.settle()
    ward["A"].refuse(302, ("Contact", "<%s>" % stranger.uri), methods=("REGISTER",))
    ward.leaves_for("B", 60000 + 2 * GIVE_UP_MS + 3000 + TURN_MS)
    ward.world.run(10 * MINUTE)
    assert not stranger.requests


def test_a_302_in_a_circle_ends():
    ward = Ward("AB", sites=False, timers={"spread_ms": 1000})
    ward.settle()
    ward["A"].refuse(302, ("Contact", "<%s>" % ward["B"].uri), methods=("REGISTER",))
    ward["B"].refuse(302, ("Contact", "<%s>" % ward["A"].uri), methods=("REGISTER",))
    since = ward.world.now
    ward.world.run(10 * MINUTE)
    assert sum(len(ward[name].asked("REGISTER", since)) for name in "AB") < 60


# --- who disagrees -----------------------------------------------------------------------------------------


def test_the_current_homes_word_wins():
    """A says X, B says Y. What A said stays when B has nothing to say, and goes when it has."""
    ward = Ward("AB")
    x, y = ward.world.site("X"), ward.world.site("Y")
    ward["A"].pointers = [POINTER % (x.url(), "0.9")]
    ward["B"].pointers = [POINTER % (y.url(), "0.9")]
    ward.settle()
    ward.world.run(3 * MINUTE)  # B is polled meanwhile, and says Y: a poll teaches nothing
    for site in ward.sites.values():
        site.refuse()
    ward.page_of("X")
    ward.phone.press("back")
    assert not y.requests
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(1000)
    ward.page_of("Y")


def test_what_a_said_stays_until_b_says_otherwise():
    ward = Ward("AB")
    x, y = ward.world.site("X"), ward.world.site("Y")
    ward["A"].pointers = [POINTER % (x.url(), "0.9")]
    ward.settle()
    ward.world.run(1000)
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    for site in ward.sites.values():
        site.refuse()
    ward.world.run(1000)
    ward.page_of("X")
    ward["B"].pointers = [POINTER % (y.url(), "0.9")]
    ward.world.run(MINUTE)
    ward.page_of("Y")


def test_no_call_info_is_no_change_and_a_new_set_replaces_the_old_one():
    ward = Ward("A")
    x, y = ward.world.site("X"), ward.world.site("Y")
    ward["A"].pointers = [POINTER % (x.url(), "0.9")]
    ward.settle()
    ward.world.run(1000)
    ward["A"].pointers = []
    ward.world.run(5 * MINUTE)
    ward.sites["A"].refuse()
    ward.page_of("X")
    ward["A"].pointers = [POINTER % (y.url(), "0.2")]
    ward.world.run(MINUTE)
    asked = len(x.requests)
    ward.page_of("Y")
    assert len(x.requests) == asked


# --- halves of homes ---------------------------------------------------------------------------------------


def test_services_without_managers_send_no_sip():
    world = World()
    a, b = world.site("A"), world.site("B")
    phone = world.phone(config=homes(a, b))
    manager = Manager(world, "M", host="10.0.0.1")
    world.run(10 * MINUTE)
    assert phone.sip_port is None and not manager.requests
    phone.press("services")
    phone.wait_for("Services of A")
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B")


def test_managers_without_services_register_and_say_what_is_missing():
    ward = Ward("AB", sites=False)
    ward.settle()
    ward.phone.press("services")
    ward.phone.wait_for(lambda: not ward.phone.screen.busy and ward.phone.text())
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)


def test_a_home_may_lack_either_half():
    """A has no site, B has both, the third has no manager."""
    world = World()
    a, b, site, third = Manager(world, "A"), Manager(world, "B"), world.site("B"), world.site("C")
    raw = configuration(a, b, sites=(None, site, third))
    raw["homes"][2].pop("manager", None)
    phone = world.phone(config=raw)
    assert not phone.mistakes, phone.mistakes
    world.run_until(lambda: a.bindings, 40000, "a registration")
    phone.press("services")
    phone.wait_for("Services of B")
    site.refuse()
    phone.press("services")
    phone.wait_for("Services of C")
    a.freeze()
    b.freeze()
    world.run(10 * MINUTE)
    assert not [one for one in taken(phone, (a, b)) if one[0] > 60000 + world.now]


# --- the network, and a new start --------------------------------------------------------------------------


def test_a_cable_that_is_pulled_is_nobodys_death():
    ward = Ward("AB")
    ward.settle()
    ward.world.run(MINUTE)
    ward.phone.network(False)
    ward.world.run(10 * MINUTE)
    since = ward.world.now
    ward.phone.network(True)
    ward.registered_at("A", SPREAD_MS + TURN_MS)
    ward.world.run(MINUTE)
    assert {name for _, name in ward.moves} == {"A"} and not ward["B"].asked("REGISTER")
    assert not [one for manager in ward.managers.values() for one in manager.requests if one.at < since and
                one.at > since - 9 * MINUTE]  # fmt: skip


def test_another_address_leaves_no_binding_of_the_old_one_behind():
    """The cable goes into another socket: what rings there is this phone, or nobody."""
    ward = Ward("AB", sites=False)
    ward.settle()
    ward.world.run(MINUTE)
    for pause in (500, 50000):
        ward.phone.network(False)
        ward.world.run(pause)
        ward.phone.host = "10.0.0.%d" % (210 + pause // 50000)
        ward.phone.network(True)
        ward.registered_at("A", SPREAD_MS + TURN_MS)
        assert [one.whence[0] for one in ward["A"].bindings] == [ward.phone.host]
    ward.world.run(5 * MINUTE)
    assert {one.whence[0] for one in ward["A"].bindings} == {ward.phone.host} and not ward["B"].bindings


def test_a_phone_that_starts_at_its_backup_stays_there():
    """The home comes back from the flash: nobody goes through a dead manager first."""
    ward = Ward("AB")
    ward.settle()
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(2 * MINUTE)  # until it is on the flash
    since = ward.world.now
    ward.phone.restart("power")
    ward.world.run_until(lambda: ward.taken(since), SPREAD_MS + TURN_MS + 1000, "a registration")
    assert ward.taken(since)[0][1] == "B" and not ward["A"].asked("REGISTER", since)
    ward.page_of("B")


def test_a_phone_that_starts_at_a_learned_manager_knows_it_again():
    ward = Ward("A")
    told = Manager(ward.world, "L")
    ward["A"].pointers = [MANAGER % (told.uri, "0.5")]
    ward.settle()
    ward.managers["L"] = told
    ward.world.run(1000)
    ward["A"].freeze()
    ward.leaves_for("L", WORST_MS + TURN_MS)
    ward.world.run(2 * MINUTE)
    since = ward.world.now
    ward.phone.restart("power")
    ward.world.run_until(lambda: ward.taken(since), SPREAD_MS + TURN_MS + 1000, "a registration")
    assert ward.taken(since)[0][1] == "L"


def test_a_backup_that_died_during_the_reset_is_left():
    ward = Ward("AB")
    ward.settle()
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(2 * MINUTE)
    ward["B"].kill()
    ward["A"].thaw()
    ward["A"].forget()
    ward.phone.restart("power")
    ward.registered_at("A", SPREAD_MS + 3 * GIVE_UP_MS)


# --- being asked -------------------------------------------------------------------------------------------


def test_check_sync_is_asked_for_at_once_but_not_more_than_once_in_ten_seconds():
    ward = Ward("AB")
    x = ward.world.site("X")
    ward.settle()
    ward.world.run(20000)
    ward["A"].pointers = [POINTER % (x.url(), "0.9")]
    since = ward.world.now
    push = ward["A"].notify(ward.phone, "check-sync")
    ward.world.run(2000 + TURN_MS)
    assert push.final == 200 and len(ward["A"].asked("REGISTER", since)) == 1
    ward.sites["A"].refuse()
    ward.page_of("X")
    since = ward.world.now
    for _ in range(60):
        ward["A"].notify(ward.phone, "check-sync")
        ward.world.run(500)
    assert 2 <= len(ward["A"].asked("REGISTER", since)) <= 5, "a minute's flood"
    assert min(gaps(ward["A"].times("REGISTER", since))) >= 10000 - WAY_MS


def test_moves_are_told_in_words():
    ward = Ward("AB")
    ward.settle()
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    assert ward.phone.said("A") and ward.phone.said("B")
