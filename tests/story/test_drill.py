"""The drill: each server in turn is pretended lost. Nothing of it stays, and the person comes first."""

import re

import pytest

from phone import events
from tests.story.sites import MENU, menu
from tests.story.test_rooms import Cramped, Lines
from tests.story.test_walk import FIRST_BYTE, NEAR, PACE_MIN, PROMISE, REST, named, scene
from tests.story.world import World, homes, real_agent

CONNECT, PATIENCE, HOUR = 2000, 9500, 3600000
OVER = "All is as before."


def shown(phone):
    return [row.text for row in phone.screen.rows]


def drill(phone, within=3 * PROMISE):
    """Run it from the link."""
    phone.feed(events.Show("drill"))
    phone.wait_for(lambda: OVER in shown(phone), within=within)


def results(phone):
    """(lost, who took over or None, ms) of each line of the account that tells one, in order."""
    out = []
    for _, text in phone.notes:
        found = re.fullmatch(r"Drill: Without (.+): (.+) after (\d+) ms\.", text)
        if found:
            out.append((found[1], None if found[2] == "no page" else found[2], int(found[3])))
    return out


def what_is_known(phone):
    """All that the phone believes of its servers."""
    book = phone.agent._book
    facts = [vars(pointer.health) for pointer in book.pointers]
    return [{name: fact[name] for name in fact if name != "_jitter"} for fact in facts], book.home


def test_who_takes_over_and_after_how_long():
    world = World()
    a, b, c = (world.site(name) for name in "ABC")
    phone = world.phone(a, b, c)
    machines = len(phone.agent._machines)
    phone.feed(events.Show("drill"))
    phone.wait_for(lambda: OVER in shown(phone), within=1000)
    (one, two, three) = results(phone)
    assert one[:2] == ("A", "B"), "a silent server costs one hedge delay"
    assert PACE_MIN <= one[2] <= PACE_MIN + NEAR
    assert two[:2] == ("B", "A") and three[:2] == ("C", "A") and max(two[2], three[2]) <= NEAR
    assert shown(phone) == ["Without %s: %s after %d ms." % result for result in (one, two, three)] + [OVER]
    assert phone.screen.title == "Drill" and not phone.screen.busy
    world.run(100)
    assert phone.agent._desk._own.drill is None and len(phone.agent._machines) == machines


def test_results_come_as_they_are_found():
    world, a, b, phone = scene()
    a.late(200)
    b.late(200)
    phone.settings("Drill")
    assert phone.screen.title == "Drill" and phone.screen.busy and "Without A ..." in phone.screen.prompt
    phone.wait_for(lambda: "Without A: B after" in " ".join(shown(phone)), within=1000)
    assert phone.screen.busy and "Without B ..." in phone.screen.prompt and len(results(phone)) == 1
    phone.wait_for(lambda: OVER in shown(phone), within=1000)


@pytest.mark.parametrize("known", [False, True])
def test_nothing_of_it_stays(known):
    """Health, order, connections of the person, the time line, probes: all is as before."""
    world, a, b, phone = scene()
    if known:
        a.refuse()
        phone.press("services")
        phone.wait_for("Services of B", within=NEAR)
        a.well()
        world.run(3000)
    before, asked, flash = what_is_known(phone), list(phone.asked), dict(phone.flash)
    drill(phone)
    assert what_is_known(phone) == before and phone.asked == asked and phone.flash == flash
    sockets = len(a.connections) + len(b.connections)
    assert sockets <= 2, "what servers keep open may be kept"
    phone.press("services")
    phone.wait_for("Services of B" if known else "Services of A", within=NEAR)


def test_what_the_phone_knows_of_the_others_counts():
    """B is known to be dead: so C takes over from A, and nobody waits for B."""
    world = World()
    a, b, c = (world.site(name) for name in "ABC")
    phone = world.phone(a, b, c)
    a.refuse()
    b.silent()
    phone.press("services")
    phone.wait_for("Services of C", within=1000)
    a.well()
    phone.press("services")
    world.run(REST + 8000)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    drill(phone)
    assert [result[:2] for result in results(phone)] == [("A", "C"), ("B", "A"), ("C", "A")]
    assert results(phone)[0][2] <= PACE_MIN + NEAR


def test_without_the_only_server_there_is_no_page():
    world = World()
    a = world.site("A")
    phone = world.phone(a)
    drill(phone)
    assert results(phone) == [("A", None, CONNECT)] and len(shown(phone)) == 2


def test_it_says_what_the_others_did():
    world, a, b, phone = scene()
    b.refuse()
    drill(phone)
    (one, two) = results(phone)
    assert one[:2] == ("A", None) and two[:2] == ("B", "A")
    assert "B refused the connection." in " ".join(shown(phone))
    assert phone.said("Drill: B refused the connection.")
    assert not phone.said("B refused the connection. It is asked last"), "it was not learned that way"
    b.status(404)
    drill(phone)
    assert "B has no such page (404)." in " ".join(shown(phone))


def test_a_server_that_asks_to_be_left_alone_is_asked_once():
    """Also where it would take over for two."""
    world = World()
    a, x, b, c = (world.site(name) for name in "AXBC")
    raw = homes(a, b, c)
    raw["homes"][0]["pointers"]["directory"] = x.url("/people.xml")
    phone = world.phone(config=raw)
    b.status(503, {"Retry-After": "60"})
    drill(phone)
    assert [result[:2] for result in results(phone)] == [("A", "C"), ("B", "A"), ("C", "A"), ("A", "C")]
    assert len(b.sent) == 1


def test_who_asked_the_phone_itself_is_not_visited_by_a_detour():
    world, a, b, phone = scene()
    shy = world.site("X")
    shy.status(503, {"Retry-After": "600"})
    a.pages[MENU] = menu("Services of A", ("X", shy.url()))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("is busy", within=NEAR)
    b.redirect(shy.url())
    drill(phone)
    assert len(shy.requests) == 1 and results(phone)[0][:2] == ("A", None)


def test_a_loss_comes_as_a_surprise_also_where_the_server_is_known_to_be_unwell():
    world, a, b, phone = scene()
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    drill(phone)
    assert results(phone)[0][:2] == ("A", "B") and results(phone)[0][2] >= PACE_MIN


def test_each_site_is_lost_once_by_the_key_that_it_serves():
    world = World()
    a, b = world.site("A"), world.site("B")
    other = world.site("C")
    raw = homes(a, b)
    raw["homes"][0]["pointers"]["information"] = other.url()
    raw["homes"][1]["pointers"]["information"] = b.url()
    other.pages[MENU] = menu("Information of C", ("News", "news.xml"))
    phone = world.phone(config=raw)
    drill(phone)
    assert [result[:2] for result in results(phone)] == [("A", "B"), ("B", "A"), ("A", "B")]
    assert len(other.sent) == 0, "the one that is pretended lost is not asked"


@pytest.mark.parametrize("key", ["back", "down", "5", "soft1", "select"])
def test_any_key_stops_it(key):
    world, a, b, phone = scene()
    b.silent()
    phone.settings("Drill")
    world.run(1000)
    assert phone.screen.busy
    phone.press(key)
    assert phone.screen.title == "Drill" and not phone.screen.busy
    assert shown(phone)[-1] == "The drill was stopped." and phone.said("Drill: The drill was stopped.")
    world.run(20000)
    assert not a.connections and not b.connections
    phone.press("back")
    assert phone.screen.title == "Settings"


def test_a_hard_key_stops_it_and_does_what_it_does():
    world, a, b, phone = scene()
    b.silent()
    phone.settings("Drill")
    world.run(1000)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    world.run(20000)
    assert [result[:2] for result in results(phone)] == [], "and it does not go on behind the page"


def test_it_is_stopped_where_the_network_goes():
    world, a, b, phone = scene()
    b.silent()
    phone.settings("Drill")
    world.run(1000)
    phone.network(False)
    assert shown(phone)[-1] == "The drill was stopped." and not phone.screen.busy
    phone.softkey("Again")
    assert shown(phone)[-1] == "The phone has no network."
    phone.network(True)
    b.well()
    phone.softkey("Again")
    phone.wait_for(lambda: OVER in shown(phone), within=1000)
    assert phone.screen.title == "Drill" and shown(phone)[0].startswith("Without A: B after")


def test_no_probe_runs_meanwhile_and_they_go_on_afterwards():
    world, a, b, phone = scene()
    world.run(30000)
    for site in (a, b):
        site.silent()
    probes = [asked for asked in phone.asked if asked[3] == "probe"]
    phone.feed(events.Show("drill"))
    drilled = phone.wait_for(lambda: OVER in shown(phone), within=PROMISE)
    assert drilled >= 2 * FIRST_BYTE
    assert [asked for asked in phone.asked if asked[3] == "probe" and asked[-1] == ""] == [
        asked for asked in probes if asked[-1] == ""
    ]
    world.run(60000)
    assert len([asked for asked in phone.asked if asked[3] == "probe"]) > len(probes)


def test_a_drill_in_the_middle_of_a_request_takes_its_place():
    world, a, b, phone = scene()
    a.silent()
    b.late(1000)
    phone.press("services")
    world.run(300)
    phone.feed(events.Show("drill"))
    phone.wait_for(lambda: OVER in shown(phone), within=PROMISE)
    assert phone.screen.title == "Drill"
    phone.feed(events.Show("drill"))
    world.run(400)
    phone.feed(events.Show("drill"))  # and one in the middle of another
    machines = len(phone.agent._machines)
    phone.wait_for(lambda: OVER in shown(phone), within=PROMISE)
    assert len(phone.agent._machines) == machines - 1
    phone.press("back")
    assert phone.screen.kind == "idle", "one page of it, however often it was asked for"


def test_names_and_certificates():
    world, a, b, phone = named()
    drill(phone)
    assert results(phone)[0][:2] == ("A", "B")
    world = World()
    sites = [world.site(name, port=443) for name in "AB"]
    raw = homes(*sites)
    for number, site in enumerate(sites):
        site.certificate = site.host
        raw["homes"][number]["pointers"] = {"services": "https://%s%s" % (site.host, MENU)}
    phone = world.phone(config=raw)
    phone.settings("Drill")
    phone.wait_for(lambda: OVER in shown(phone), within=PROMISE)
    assert [result[:2] for result in results(phone)] == [("A", "B"), ("B", "A")]


def test_a_redirect_to_the_lost_server_ends_nowhere():
    world, a, b, phone = scene()
    b.redirect(a.url())
    drill(phone)
    assert results(phone)[0][:2] == ("A", None)


def test_pages_of_its_own_that_are_not_there():
    world, a, b, phone = scene()
    phone.feed(events.Show("nonsense"))
    assert phone.screen.kind == "idle" and phone.said("a page that is not there: nonsense")
    phone.feed(events.Show("journal"))
    assert phone.screen.title == "Journal"


@pytest.mark.parametrize("display", [(320, 240, 4), (128, 64, 2)])
def test_the_last_result_is_in_sight(display):
    world = World()
    sites = [world.site("S%d" % number) for number in range(9)]
    phone = world.phone(*sites, display=display)
    phone.feed(events.Show("drill"))
    for number in range(9):
        phone.wait_for(lambda number=number: "Without S%d:" % number in " ".join(shown(phone)), within=1000)
    phone.wait_for(lambda: phone.text().replace("\n", " ").count(OVER), within=1000)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_servers_do_it_ends(seed):
    world = World(seed)
    sites = [world.site("ABCD"[number]) for number in range(world.random.randint(1, 4))]
    faults = ("well", "silent", "freeze", "blackhole", "refuse", "unreachable", "garbage", "endless_header")
    phone = world.phone(*sites)
    for _ in range(4):
        for site in sites:
            getattr(site, world.random.choice(faults))()
        before = what_is_known(phone)
        phone.feed(events.Show("drill"))
        if world.random.random() < 0.5:
            world.run(world.random.randint(0, 6000))
            phone.press(world.random.choice(("back", "services", "5")))
            phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
            continue
        phone.wait_for(lambda: not phone.screen.busy, within=len(sites) * (PATIENCE + 100))
        after = what_is_known(phone)
        assert after == before and phone.screen.title == "Drill"


# --- no room --------------------------------------------------------------------------------------------


def rehearse(feeding):
    """A drill on a phone whose heap is full at a line; the sites and the phone, once it ended."""
    world = World()
    sites = [world.site(name) for name in "ABC"]
    for site in sites:
        site.idle_ms = HOUR  # what the phone does not close stays open
    sites[1].late(100)
    phone = world.phone(*sites, agent=lambda *start: Cramped(real_agent(*start), feeding, Lines()))
    world.run(3000)
    feeding.armed = True
    phone.feed(events.Show("drill"))
    phone.wait_for(lambda: not phone.screen.busy, within=4 * PROMISE)
    return sites, phone


def test_wherever_the_heap_is_full_a_drill_ends_and_nothing_stays_behind():
    seen = Lines()
    rehearse(seen)
    for line in list(seen.seen)[::5]:
        print("--- full at %s:%d" % line)
        sites, phone = rehearse(Lines(line))
        phone.wait_for(lambda sites=sites: not any(site.connections for site in sites), within=30000)
        drill(phone)
        assert [result[:2] for result in results(phone)][-3:] == [("A", "B"), ("B", "A"), ("C", "A")]
        assert phone.agent._desk._own.drill is None
        phone.press("services")
        phone.wait_for("Services of A", within=NEAR)
