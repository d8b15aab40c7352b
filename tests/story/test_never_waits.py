"""It never waits: the hedge, health before the key, links after a failover, connections, names.

Times are virtual milliseconds, as in test_walk.py. A hedge is a second server asked beside a slow one.
"""

import sys

import pytest

from phone import events
from tests.story.sites import MENU, TEXT, menu
from tests.story.test_walk import (
    BACKUP,
    CONFIRM,
    FIRST_BYTE,
    NEAR,
    NONE,
    PACE_MAX,
    PACE_MIN,
    PRIMARY,
    PROMISE,
    REST,
    named,
    scene,
)
from tests.story.world import World, homes

PROBE = 36000
MINUTE, HOUR = 60000, 3600000


def row(count, **options):
    """A world with so many homes, and its phone."""
    world = World()
    sites = [world.site("ABCDEFG"[number]) for number in range(count)]
    return world, sites, world.phone(*sites, **options)


# --- the hedge --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["silent", "freeze", "blackhole"])
def test_a_silent_server_costs_one_wait_and_then_nothing(fault):
    world, a, b, phone = scene()
    getattr(a, fault)()
    phone.press("services")
    took = phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    assert took >= PACE_MIN and phone.went("key", "hedge") == ["A", "B"]
    assert (phone.screen.mark, phone.screen.label) == (BACKUP, "B")
    assert "since A had not " in phone.screen.prompt and phone.said("It is asked last from now on")
    assert [asked[-1] for asked in phone.asked if asked[1] == "A"] == ["", "lost"]
    phone.press("directory")
    assert phone.wait_for("People of B", within=NEAR) <= NEAR


def test_each_further_silent_server_costs_one_more_wait():
    world, (a, b, c), phone = row(3)
    a.silent()
    b.blackhole()
    phone.press("services")
    took = phone.wait_for("Services of C", within=2 * PACE_MIN + NEAR)
    assert took >= 2 * PACE_MIN and phone.went("key", "hedge") == ["A", "B", "C"]


def test_at_most_three_are_open_at_once():
    """Stories break where a phone takes more than three sockets; the fourth server waits for its turn."""
    world, sites, phone = row(5)
    for site in sites[:4]:
        site.silent()
    phone.press("services")
    phone.wait_for("Services of E", within=FIRST_BYTE + 2 * PACE_MIN + NEAR)
    assert phone.went("key", "hedge") == list("ABC") and phone.went("walk") == list("DE")


def test_a_server_that_is_always_slow_is_given_its_time():
    world, a, b, phone = scene()
    a.late(900)
    for _ in range(3):
        phone.press("services")
        phone.wait_for("Services of", within=1200)
        world.run(2 * (REST + CONFIRM))  # A is seen to answer in its own time
    before = len(phone.went("hedge"))
    phone.press("services")
    phone.wait_for("Services of A", within=1200)
    assert before and len(phone.went("hedge")) == before, "it is slower than 250 ms, but not than itself"


def test_what_links_and_probes_took_is_learned_too():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.late(1200)
    phone.press("1")
    phone.wait_for("The canteen at A", within=1400)
    a.late(700)
    phone.press("services")
    phone.wait_for("Services of A", within=900)
    assert not phone.went("hedge")
    world, a, b, phone = scene()
    a.late(700)
    world.run(2 * PROBE)
    assert a.probes
    a.late(600)
    phone.press("services")
    phone.wait_for("Services of A", within=900)
    assert not phone.went("hedge")


def test_a_hedge_is_not_sent_towards_an_unwell_backup():
    world, a, b, phone = scene()
    b.refuse()
    a.refuse()
    phone.press("services")
    phone.wait_for(lambda: phone.screen.mark == NONE, within=NEAR)
    a.well()
    world.run(REST + CONFIRM + NEAR)
    a.late(1500)
    asked = len(b.connects)
    phone.press("services")
    phone.wait_for("Services of A", within=1700)
    assert len(b.connects) == asked and not phone.went("hedge")


def forget_pace(phone):
    for pointer in phone.agent._book.pointers:
        phone.agent._book.health(pointer.url)._took = b""


def test_hedges_come_from_a_bucket():
    world, a, b, phone = scene()
    a.late(300)
    b.late(300)
    for press in range(40):
        forget_pace(phone)
        phone.press("services")
        phone.wait_for("Services of A", within=700)
        if press == 4:
            assert len(phone.went("hedge")) == 3, "three, and then none for a while"
        world.run(100)
    assert len(phone.went("hedge")) == 4, "one more is earned by twenty requests"


def test_the_first_good_answer_wins_whoever_gives_it():
    world, a, b, phone = scene()
    a.late(300)
    b.late(300)
    phone.press("services")
    phone.wait_for("Services of A", within=500)
    assert phone.went("hedge") == ["B"]
    world.run(1000)
    assert "Services of A" in phone.text() and not b.connections, "the loser is closed"
    assert phone.screen.mark == PRIMARY and phone.screen.prompt == "Choose one"
    phone.press("services")
    assert phone.wait_for("Services of", within=500)


def test_who_takes_the_place_of_a_failed_one_costs_no_hedge():
    world, sites, phone = row(7)
    sites[0].silent()
    for site in sites[1:]:
        site.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert phone.went("hedge") == ["B"] and phone.went("walk") == list("CDEFG")
    assert sum("no answer after" in text for _, text in phone.notes) == 1
    for site in sites:
        site.well()
    world.run(10 * 60000)
    sites[0].silent()
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)


def test_what_comes_from_a_loser_after_its_end_is_not_heard():
    world, a, b, phone = scene()
    a.late(400)
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    shown = phone.text()
    for event in (
        events.Received(1, memoryview(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")),
        events.Opened(1),
        events.Closed(1, events.END),
    ):
        assert phone.agent.feed(event, world.now) == []
    world.run(1000)
    assert phone.text() == shown


def test_after_a_redirect_the_one_that_was_silent_is_blamed():
    world, a, b, phone = scene()
    d = world.site("D")
    d.silent()
    a.redirect(d.url())
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    assert phone.said("%s had not answered" % d.host) and not phone.said("A had not answered")


def test_a_spare_answer_is_shown_when_patience_ends():
    world = World()
    a, b = world.site("A"), world.site("B")
    timers = {"first_byte_ms": 10000, "request_ms": 20000, "patience_ms": 3000}
    phone = world.phone(config=homes(a, b, timers=timers))
    a.silent()
    b.status(404)
    phone.press("services")
    assert phone.wait_for("B has no such page", within=3000 + NEAR) >= 3000


@pytest.mark.parametrize("both", [True, False])
def test_a_page_without_room_goes_alone_where_another_is_on_its_way(both, monkeypatch):
    """As after a MemoryError in the middle of a feed: the hands call relieve()."""
    world, a, b, phone = scene()
    a.late(300)
    b.late(600 if both else 99999)
    reader = sys.modules["phone.core.fetch"].PageReader
    feed = reader.feed

    def full(page, view):
        monkeypatch.setattr(reader, "feed", feed)
        raise MemoryError

    monkeypatch.setattr(reader, "feed", full)
    if not both:
        b.refuse()
    phone.press("services")
    with pytest.raises(MemoryError):
        world.run(1000)
    for effect in phone.agent.relieve(world.now):
        phone._perform(effect)
    phone.tick()
    if both:
        phone.wait_for("Services of B", within=800)
    else:
        phone.wait_for("more memory", within=NEAR)
    world.run(500)
    assert len(a.connections) + len(b.connections) <= 1


@pytest.mark.parametrize("gap", range(-12, 13, 3))
def test_both_answer_at_about_the_same_time(gap):
    world, a, b, phone = scene()
    a.late(PACE_MIN + 100 + gap)
    b.late(100)
    phone.press("services")
    phone.wait_for("Services of", within=PACE_MIN + 100 + NEAR)
    shown = phone.text()
    world.run(2000)
    assert phone.text() == shown
    words = sorted(asked[-1] for asked in phone.asked if asked[-1] and asked[3] != "probe")
    assert words == ["lost", "page"]


def test_no_page_of_a_backup_is_no_answer_while_the_primary_may_have_it():
    world, a, b, phone = scene()
    a.late(800)
    b.status(404)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    assert phone.went("hedge") == ["B"]
    a.silent()
    forget_pace(phone)
    phone.press("services")
    phone.wait_for("B has no such page", within=FIRST_BYTE + NEAR)


def test_a_backup_that_refuses_is_replaced_at_once():
    world, (a, b, c), phone = row(3)
    a.silent()
    b.refuse()
    phone.press("services")
    assert phone.wait_for("Services of C", within=PACE_MIN + NEAR) < PACE_MIN + NEAR


def test_links_are_never_hedged():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.late(2000)
    phone.press("1")
    phone.wait_for("The canteen at A", within=2300)
    assert not b.sent


def test_a_server_that_drips_is_not_waited_for_to_the_end():
    world, a, b, phone = scene()
    a.slow(10)
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MAX + NEAR)
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_they_do_a_key_ends_in_time(seed):
    world = World(seed)
    sites = [world.site("S%d" % number) for number in range(world.random.randint(1, 6))]
    phone = world.phone(*sites)
    faults = ["well", "silent", "freeze", "blackhole", "refuse", "unreachable", "garbage", "endless_header"]
    for _ in range(12):
        for site in sites:
            getattr(site, world.random.choice(faults))()
        phone.press("services")
        phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
        world.run(world.random.choice((10, 500, 5000, 60000)))


# --- health before the key -------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["refuse", "silent", "freeze", "blackhole", "unreachable"])
@pytest.mark.parametrize("seed", range(3))
def test_a_primary_that_died_a_minute_ago_costs_nothing(fault, seed):
    world, a, b, phone = scene(seed)
    world.run(40000)
    getattr(a, fault)()
    world.run(60000)
    connects = len(a.connects)
    phone.press("services")
    assert phone.wait_for("Services of B", within=NEAR) <= NEAR
    assert len(a.connects) == connects and phone.said("Looked at in idle: A ")


def test_one_lost_probe_moves_nobody():
    world, a, b, phone = scene()
    world.run(40000)
    a.silent()
    seen = len(a.probes)
    world.run_until(lambda: len(a.probes) > seen, PROBE + 5000, "a probe")
    a.well()
    world.run(FIRST_BYTE + 100)
    assert [word for _, label, _, _, _, _, word in phone.asked if label == "A"][-1] == "failed"
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_probes_are_few_and_spread():
    world, sites, phone = row(5)
    world.run(2 * HOUR)
    # A minute less the time that a probe is on its way.
    at = sorted(ms for site in sites for ms in site.probes)
    assert max(sum(start <= ms < start + 59900 for ms in at) for start in at) <= 4
    assert not sites[3].probes and not sites[4].probes, "only the site in use and the next two"
    gaps = [after - before for before, after in zip(sites[0].probes, sites[0].probes[1:], strict=False)]
    assert PROBE * 0.8 - 50 <= min(gaps) and max(gaps) <= PROBE + 50 and len(set(gaps)) > 50
    assert len(sites[0].probes) > 1.5 * len(sites[1].probes), "the site in use is looked at more often"
    other = World(1)
    again = [other.site(name) for name in "ABCDE"]
    raw = homes(*again)
    raw["identity"]["name"] = "SEP665544332211"
    other.phone(config=raw)
    other.run(HOUR)
    assert again[0].probes[:5] != sites[0].probes[:5], "another phone looks at other times"


def test_never_more_than_four_probes_a_minute():
    world = World()
    sites = [world.site(name) for name in "ABC"]
    world.phone(*sites)
    for _ in range(60):  # the backups come and go, and are looked at again and again
        for site in sites[1:]:
            site.status(500 if world.random.random() < 0.5 else 204)
        world.run(MINUTE)
    at = sorted(ms for site in sites for ms in site.probes)
    assert len(at) > 200 and max(sum(start <= ms < start + 59900 for ms in at) for start in at) == 4


def test_also_a_backups_bad_sign_is_confirmed_soon():
    world, a, b, phone = scene()
    world.run(5 * 60000)
    b.silent()
    late = 2 * PROBE + CONFIRM + 2 * FIRST_BYTE
    world.run_until(lambda: phone.said("Looked at in idle: B "), late, "a look")


def test_dead_sites_are_looked_at_less_and_less():
    world, (a, b, c), phone = row(3)
    a.silent()
    world.run(HOUR)
    gaps = [after - before for before, after in zip(a.connects, a.connects[1:], strict=False)]
    assert max(gaps) <= 300000 + 5000 and gaps[-1] >= 240000 > gaps[2], gaps


def test_a_probe_is_closed_after_the_header():
    world, a, b, phone = scene()
    a.slow(1)
    world.run(PROBE + NEAR)
    assert a.probes and not a.connections and not b.connections
    assert {word for _, label, _, _, _, _, word in phone.asked if label == "A"} == {"", "well"}


def test_no_probe_runs_while_a_person_waits():
    world, a, b, phone = scene()
    a.late(2000)
    b.refuse()
    for _ in range(40):
        phone.press("services")
        phone.wait_for("Services of A", within=2300)
        world.run(10)
    assert not a.probes and not b.probes
    a.silent()
    world.run_until(lambda: any(x[3] == "probe" and not x[-1] for x in phone.asked), 120000, "a probe")
    phone.press("services")
    assert {(asked[3], asked[-1]) for asked in phone.asked[-2:]} == {("probe", "given up"), ("key", "")}


def test_who_asked_to_be_left_alone_is_not_looked_at_either():
    world, a, b, phone = scene()
    a.status(503, {"Retry-After": "600"})
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    asked = len(a.connects)
    world.run(595000)
    assert len(a.connects) == asked
    phone.network(False)
    phone.network(True)
    world.run(4000)
    assert len(a.connects) == asked, "not even after the network was away"
    a.well()
    world.run(2 * PROBE + CONFIRM)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_after_the_network_was_away_all_are_looked_at_soon():
    world, a, b, phone = scene()
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    a.blackhole()
    world.run(20 * 60000)  # A's rests have grown
    phone.network(False)
    a.well()
    world.run(60000)
    phone.network(True)
    world.run(3 * CONFIRM)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_the_clock_is_right_before_the_first_key():
    world, a, b, phone = scene()
    assert phone.screen.clock == "--:--"
    world.run(PROBE + NEAR)
    assert phone.screen.clock != "--:--"


# --- links after a failover ---------------------------------------------------------------------------------


def test_a_relative_link_of_an_unwell_server_goes_to_the_one_in_use():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.silent()
    world.run(90000)
    asked = len(a.connects)
    phone.press("1")
    phone.wait_for("The canteen at B", within=NEAR)
    assert b.sent == ["GET /news.xml"] and len(a.connects) == asked
    assert "A is not well" in phone.screen.prompt and phone.screen.label == "B"


def test_an_absolute_link_is_put_below_the_base_of_the_other_pointer():
    world = World()
    a, b = world.site("A"), world.site("B", port=8080)
    raw = homes(a, b)
    raw["homes"][0]["pointers"] = {"services": "http://10.0.0.1/ward/menu.xml"}
    raw["homes"][1]["pointers"] = {"services": "http://10.0.0.2:8080/standby/w/menu.xml"}
    phone = world.phone(config=raw)
    page = menu("Start", ("Plan", "http://10.0.0.1/ward/plans/today.xml?x=1"), ("Far", "http://10.0.0.9/far.xml"))
    a.pages["/ward/menu.xml"] = b.pages["/standby/w/menu.xml"] = page
    b.pages["/standby/w/plans/today.xml"] = menu("Plan of B", ("x", "x"))
    far = world.site("Far", host="10.0.0.9")
    far.pages["/far.xml"] = menu("Far page", ("x", "x"))
    a.refuse()
    phone.press("services")
    phone.wait_for("Start", within=NEAR)
    phone.press("1")
    phone.wait_for("Plan of B", within=NEAR)
    assert b.sent[-1] == "GET /standby/w/plans/today.xml?x=1"
    phone.press("back", "2")
    phone.wait_for("Far page", within=NEAR)
    assert far.sent == ["GET /far.xml"], "a third party's address is never rewritten"


def test_where_the_other_server_has_no_such_page_its_first_page_is_shown():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Services of A", ("Own", "http://10.0.0.1/own.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.blackhole()
    world.run(90000)
    phone.press("1")
    phone.wait_for("Services of B", within=2 * NEAR)
    assert b.sent == ["GET /own.xml", "GET /menu.xml"]
    assert phone.screen.prompt.startswith("B has no such page (404). The first page of B")
    assert phone.screen.mark == BACKUP


def test_the_first_page_may_come_from_a_third_server():
    world, (a, b, c), phone = row(3)
    a.pages[MENU] = menu("Services of A", ("Own", "own.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.refuse()
    b.script = lambda site, request: site.answer(request, 404 if "own" in request.path else 500, b"")
    phone.press("1")
    phone.wait_for("Services of C", within=3 * NEAR)
    assert phone.screen.prompt.startswith("B has no such page (404). The first page of C")


def test_also_a_first_page_ends_in_time():
    world, sites, phone = row(5)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    sites[0].silent()
    world.run(90000)
    sites[1].script = lambda site, request: iter([FIRST_BYTE - 200, *site.answer(request, 404, b"")])
    phone.press("1")
    world.run(FIRST_BYTE - 100)
    for site in sites:
        site.silent()
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE - FIRST_BYTE + 100)


def test_the_same_where_the_server_refuses_only_now():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Services of A", ("Own", "own.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.refuse()
    phone.press("1")
    phone.wait_for("Services of B", within=2 * NEAR)
    assert "B has no such page" in phone.screen.prompt


def safe_scene():
    world = World()
    a, b = world.site("A"), world.site("B")
    raw = homes(a, b)
    for home, site in zip(raw["homes"], (a, b), strict=True):
        home["pointers"] = {"services": {"url": site.url(), "safe": True}}
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    return world, a, b, phone


@pytest.mark.parametrize("fault", ["silent", "freeze", "garbage"])
def test_links_that_are_said_to_be_safe_walk_by_themselves(fault):
    world, a, b, phone = safe_scene()
    getattr(a, fault)()
    phone.press("1")
    phone.wait_for("The canteen at B", within=FIRST_BYTE + NEAR)
    assert b.sent == ["GET /news.xml"]


# --- connections -------------------------------------------------------------------------------------------


def test_a_connection_is_used_again():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    world.run(3000)
    phone.press("1")
    phone.wait_for("The canteen at A", within=NEAR)
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)
    assert len(a.sent) == 3 and len(a.connects) == 1
    assert [asked[4] for asked in phone.asked if asked[-1] == "page"] == [False, True, True]
    world.run(20000)
    assert not a.connections, "nobody needs it any more"


def test_a_probe_has_a_connection_of_its_own():
    world = World()
    a = world.site("A")
    a.idle_ms = 60000
    phone = world.phone(config=homes(a))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    world.run(PROBE + NEAR)
    assert [asked[4] for asked in phone.asked if asked[3] == "probe"] == [False, False]


@pytest.mark.parametrize("how", ["keep_alive", "length"])
def test_a_connection_that_the_server_does_not_keep_is_not_used_again(how):
    world, a, b, phone = scene()
    setattr(a, how, False)
    for _ in range(3):
        phone.press("services")
        phone.wait_for("Services of A", within=NEAR)
    assert len(a.connects) == 3 and not phone.said("closed")


def test_a_server_that_announces_its_time_is_believed():
    world, a, b, phone = scene()
    a.headers["Keep-Alive"] = "timeout=3, max=50"
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    world.run(2100)
    assert not a.connections, "closed by the phone a second before"


@pytest.mark.parametrize("how", ["end", "reset"])
def test_a_kept_connection_that_ends_as_it_is_used_costs_nothing(how):
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.cut(-1, how, times=1)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert len(a.sent) == 3 and not b.sent and phone.screen.mark == PRIMARY


@pytest.mark.parametrize("how", ["end", "reset"])
def test_a_link_is_not_sent_twice_over_a_kept_connection_that_ends(how):
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.cut(-1, how, times=1)
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=NEAR)
    assert a.sent.count("GET /news.xml") == 1
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert phone.went("key", "walk") == ["A", "A"] and not b.sent, "an idle time that ran out is no fault"
    a.cut(-1, how, times=1)
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=NEAR)
    phone.softkey("Again")
    phone.wait_for("The canteen at A", within=NEAR)


def test_nonsense_on_a_kept_connection_closes_it():
    world, a, b, phone = scene()

    def chatty(site, request):
        yield from site.answer(request)
        yield 1000
        yield b"and by the way ..."

    a.script = chatty
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    world.run(1500)
    a.well()
    assert not a.connections
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_no_connection_outlives_the_network():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.network(False)
    phone.network(True)
    phone.press("services")
    phone.wait_for("Services of A", within=500)
    assert len(a.connects) == 2


# --- names -------------------------------------------------------------------------------------------------


def test_a_name_server_that_is_silent_for_an_hour_is_not_noticed():
    world, a, b, phone = named()
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    world.names.mode = "silent"
    for _ in range(60):
        world.run(60000)
        phone.press("services")
        assert phone.wait_for("Services of A", within=NEAR) <= NEAR
    assert sum("its last address" in text for _, text in phone.notes) == 1, "and said once"
    world.names.mode = "well"
    world.run(60000)
    assert phone.said("is found again")


def test_a_silent_name_server_costs_one_wait():
    world, a, b, phone = named()
    world.names.mode = "silent"
    phone.press("services")
    assert phone.wait_for("Services of B", within=PACE_MIN + NEAR) >= PACE_MIN
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)


@pytest.mark.parametrize("address", ["10.0.0.200", "0.0.0.0", "255.255.255.255", "224.0.0.1"])
def test_a_name_server_that_lies_about_the_address_costs_one_wait(address):
    world, a, b, phone = named()
    world.names.table["pages.example"] = [address]
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)


def test_a_name_that_is_denied_today_was_good_yesterday():
    world, a, b, phone = named()
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    world.names.mode = "nxdomain"
    world.run(3 * HOUR)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert phone.said("knows no such name; its last address")


def test_an_answer_after_the_deadline_serves_the_next_key():
    world, a, b, phone = named()
    b.refuse()
    world.names.latency = (1900, 2000)
    phone.press("services")
    phone.wait_for(lambda: phone.screen.mark == NONE, within=PROMISE)
    world.run(4000)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_the_second_address_of_a_name_is_tried_where_the_first_is_dead():
    world, a, b, phone = named()
    world.names.table["pages.example"] = ["10.0.0.200", a.host]
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    world.run(REST + CONFIRM + 3 * NEAR)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


def test_name_servers_of_the_configuration_replace_those_of_the_network():
    world = World()
    a = world.site("A")
    raw = homes(a)
    raw["homes"][0]["pointers"] = {"services": "http://intra/menu.xml"}
    raw["dns"] = {"servers": ["10.0.0.54:5353"], "search": ["ward.example"]}
    world.names.table["intra.ward.example"] = [a.host]
    world.listeners["10.0.0.54", 5353] = world.names.receive
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    assert [name for _, name in world.names.asked] == ["intra.ward.example"]
    assert TEXT not in a.sent


# --- TLS on a board that has room for one connection --------------------------------------------------------

CALM = 300


def secure(*names):
    """A world with so many homes over https, and their phone."""
    world = World()
    sites = []
    raw = homes()
    for name in names:
        site = world.site(name, port=443)
        site.certificate = name.lower() + ".example"
        world.names.table[site.certificate] = [site.host]
        pointers = {"services": "https://%s/menu.xml" % site.certificate}
        raw["homes"].append({"name": name, "pointers": pointers})
        sites.append(site)
    return (world, *sites, raw)


def test_a_handshake_waits_until_the_key_has_been_dealt_with_and_its_connection_is_kept():
    world, a, raw = secure("A")
    phone = world.phone(config=raw)
    pressed = world.now
    phone.press("services")
    phone.wait_for("Services of A", within=CALM + 3 * NEAR)
    assert a.handshakes[0] >= pressed + CALM
    for _ in range(5):
        world.run(4000)
        phone.press("services")
        assert phone.wait_for("Services of A", within=NEAR) <= NEAR
    assert len(a.handshakes) == 1


def test_no_hedge_over_a_second_tls_connection():
    world, a, b, raw = secure("A", "B")
    phone = world.phone(config=raw)
    a.silent()
    phone.press("services")
    assert phone.wait_for("Services of B", within=CALM + FIRST_BYTE + 4 * NEAR) >= FIRST_BYTE
    assert not phone.went("hedge") and phone.went("walk") == ["B"]


def test_a_hedge_over_a_plain_connection_gives_the_handshake_its_time():
    world, a, raw = secure("A")
    b = world.site("B")
    raw["homes"].append({"name": "B", "pointers": {"services": b.url()}})
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=CALM + 3 * NEAR)
    assert not b.sent
    world.run(20000)
    a.silent()
    phone.press("services")
    assert phone.wait_for("Services of B", within=PACE_MAX + NEAR) >= PACE_MAX


def test_a_certificate_that_is_not_trusted_is_said_and_passed_over():
    world, a, b, raw = secure("A", "B")
    a.certificate = "b.example"
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of B", within=2 * CALM + 4 * NEAR)
    assert "certificate that this phone does not trust" in phone.screen.prompt


def test_a_link_may_lead_to_https_and_a_redirect_too():
    world, a, raw = secure("A")
    b = world.site("B")
    b.pages[MENU] = menu("Start", ("Far", "https://a.example/news.xml"), ("Round", "/round"))
    b.script = lambda site, request: (
        site.answer(request, 302, b"", {"Location": "https://a.example/people.xml"})
        if request.path == "/round"
        else site.answer(request)
    )
    phone = world.phone(config=homes(b))
    phone.press("services")
    phone.wait_for("Start", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at A", within=CALM + 4 * NEAR)
    phone.press("back", "2")
    phone.wait_for("People of A", within=CALM + 4 * NEAR)


def test_a_probe_shakes_hands_once_an_hour():
    world, a, b, raw = secure("A", "B")
    phone = world.phone(config=raw)
    world.run(4 * HOUR)
    assert 4 <= len(a.handshakes) <= 5 and 4 <= len(b.handshakes) <= 5
    assert len(a.connects) > 300 and not phone.said("Looked at in idle")
    a.refuse()
    world.run(60000)
    phone.press("services")
    phone.wait_for("Services of B", within=CALM + 4 * NEAR)
    assert phone.went("key") == ["B"]
