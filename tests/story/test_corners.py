"""Corners of the walk: several pointers on one site, redirects to another server, wishes that end on the way,
a heap that is full, a clock, a cable."""

from email.utils import formatdate

import pytest

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
    REQUEST,
    REST,
    named,
    scene,
)  # fmt: skip
from tests.story.world import World, homes

MINUTE = 60000


def three(seed=1):
    world = World(seed)
    sites = [world.site(name) for name in "ABC"]
    return (world, *sites, world.phone(*sites))


def test_two_pointers_on_one_site_are_still_a_walk():
    world = World()
    a, b, c = (world.site(name) for name in "ABC")
    raw = homes(a, b, c)
    raw["homes"][0]["pointers"]["services"] = [a.url(), a.url("/menu2.xml")]
    phone = world.phone(config=raw)
    a.status(503)
    b.silent()
    phone.press("services")
    phone.wait_for("Services of C", within=FIRST_BYTE + 3 * NEAR)
    assert len(a.connects) == 1, "the second pointer leads to a site that asked to be left alone"


def test_a_server_that_was_not_given_its_time_is_not_blamed_and_gets_its_turn():
    world, a, b, c, phone = three()
    a.slow(1)
    b.silent()
    c.late(1500)
    phone.press("services")
    phone.wait_for("Services of C", within=PACE_MAX + PACE_MIN + 1500 + 3 * NEAR)
    phone.press("services")
    phone.wait_for("Services of C", within=1500 + 3 * NEAR)
    assert len(c.sent) == 2 and phone.said("C after 1.5")


def test_a_server_whose_wait_ends_during_the_walk_is_asked():
    world, a, b, phone = scene()
    a.status(503, {"Retry-After": "6"})
    phone.press("services")
    phone.wait_for("Services of B", within=3 * NEAR)
    a.well()
    b.slow(1)  # takes 6 s to fail: A's wait is over then
    world.run(500)
    phone.press("services")
    phone.wait_for("Services of A", within=REQUEST + 3 * NEAR)


@pytest.mark.parametrize("error", [-3600, 3600])
def test_a_wish_with_a_date_is_counted_by_the_clock_of_who_wishes(error):
    world, a, b, phone = scene()

    def busy(site, request):
        there = world.wall() + error
        date = formatdate(there, usegmt=True)
        wish = formatdate(there + 100, usegmt=True)
        return site.answer(request, 503, b"", {"Retry-After": wish, "Date": date})

    a.script = busy
    phone.press("services")
    phone.wait_for("Services of B", within=3 * NEAR)
    assert any(phone.said("asks for %d s" % wish) for wish in (99, 100, 101)), phone.notes


def test_a_redirect_does_not_lead_to_a_server_that_wants_to_be_left_alone():
    world, a, b, phone = scene()
    b.status(503, {"Retry-After": "60"})
    a.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    asked = len(b.connects)
    a.redirect(b.url())
    world.run(15000)
    phone.press("services")
    phone.wait_for(lambda: phone.screen.busy or phone.screen.mark == NONE, within=NEAR)
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert len(b.connects) == asked


def test_after_a_redirect_the_page_is_named_after_the_server_that_gave_it():
    world, a, b, phone = scene()
    a.redirect(b.url())
    phone.press("services")
    phone.wait_for("Services of B", within=3 * NEAR)
    assert (phone.screen.mark, phone.screen.label) == (BACKUP, "B")
    b.silent()
    phone.press("1")
    phone.wait_for(lambda: "Try A" in phone.screen.softkeys, within=PROMISE)


def test_after_a_redirect_the_server_that_failed_is_blamed():
    world, a, b, phone = scene()
    a.redirect(b.url())
    b.status(500)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy and phone.screen.mark == NONE, within=PROMISE)
    assert phone.said("B answered with error 500") and not phone.said("A answered with error 500")


def test_update_of_a_services_page_walks_also_after_a_redirect():
    world, a, b, phone = scene()
    a.script = lambda site, request: (
        site.answer(request) if request.path == TEXT else site.answer(request, 302, b"", {"Location": TEXT})
    )
    phone.press("services")
    phone.wait_for("The canteen at A", within=3 * NEAR)
    a.silent()
    phone.softkey("Update")
    phone.wait_for("Services of B", within=FIRST_BYTE + 3 * NEAR)


def test_update_of_a_links_page_stays_with_its_server():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at A", within=2 * NEAR)
    a.refuse()
    phone.softkey("Update")
    phone.wait_for(lambda: phone.screen.mark == NONE, within=PROMISE)
    assert not b.sent


def test_a_lookup_that_was_cancelled_does_not_spoil_the_next():
    world, a, b, phone = named()
    world.names.mode = "silent"
    phone.press("services")
    world.run(200)
    phone.softkey("Cancel")
    world.names.mode = "well"
    world.run(60000)
    phone.press("services")
    phone.wait_for("Services of A", within=3 * NEAR)


def test_without_a_network_nobody_is_blamed():
    world, a, b, phone = scene()
    phone.network(False)
    phone.press("services")
    phone.wait_for(lambda: "The phone has no network." in phone.text(), within=NEAR)
    assert phone.screen.mark == NONE and not a.connects
    phone.network(True)
    phone.softkey("Again")
    phone.wait_for("Services of A", within=2 * NEAR)
    assert phone.screen.mark == PRIMARY


def test_the_network_goes_while_a_page_loads():
    world, a, b, phone = scene()
    a.silent()
    phone.press("services")
    world.run(200)
    phone.network(False)
    phone.wait_for(lambda: "The phone has no network." in phone.text(), within=NEAR)


@pytest.mark.parametrize("ms", [0, 5, 40, 80])
def test_a_full_heap_ends_in_a_sentence_with_every_socket_closed(ms):
    """relieve() at any moment of a request, as after a MemoryError of the hands."""
    world, a, b, phone = scene()
    a.slow(4000)
    phone.press("services")
    world.run(ms)
    busy = phone.screen.busy
    for effect in phone.agent.relieve(world.now):
        phone._perform(effect)
    phone.tick()
    world.run(50)
    if busy:
        assert "more memory" in phone.text(), phone.picture()
    assert not a.connections
    a.well()
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)


def test_the_clock_goes_on_while_a_page_trickles_in():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.slow(50)
    before = phone.screen.clock
    for _ in range(30):
        phone.press("services")
        world.run(5000)
    assert phone.screen.clock > before
    seconds = int(world.wall())
    assert phone.screen.clock == "%02d:%02d" % (seconds // 3600 % 24, seconds // 60 % 60)


def test_update_works_on_the_phones_own_pages():
    world, a, b, phone = scene()
    phone.settings("Servers")
    assert "A is asked first." in phone.text() and "B was not asked yet." in phone.text()
    depth = phone.agent._desk.stack.depth
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=3 * NEAR)
    phone.settings("Servers")
    assert "refused the" in phone.text()
    phone.softkey("Update")
    assert phone.agent._desk.stack.depth == depth
    assert "Served by B." in phone.text() and "Unwell since" in phone.text()


def test_what_is_offered_is_what_is_asked():
    """Try B asks B, whatever happened to the order since."""
    world, a, b, c, phone = three()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.silent()
    phone.press("1")
    phone.wait_for(lambda: "Try B" in phone.screen.softkeys, within=PROMISE)
    phone.agent._book.health(phone.agent._book.of("services")[1].url).bad("elsewhere", world.now)
    phone.softkey("Try B")
    phone.wait_for("The canteen at B", within=2 * NEAR)


def test_again_never_sends_a_command_to_another_server_unasked():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.silent()
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    a.refuse()
    phone.softkey("Again")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    world.run(60000)
    assert not b.sent
    phone.softkey("Try B")
    phone.wait_for("The canteen at B", within=2 * NEAR)


def test_a_strangers_wish_is_heeded_too():
    world, a, b, phone = scene()
    stranger = world.site("X", host="10.0.0.9")
    stranger.status(503, {"Retry-After": "60"})
    a.pages[MENU] = menu("Services of A", ("Far", stranger.url()))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for(lambda: phone.screen.mark == NONE, within=PROMISE)
    for _ in range(5):
        phone.softkey("Again")
        world.run(1000)
    assert len(stranger.connects) == 1
    assert "asked not to be asked again" in phone.text()


def test_an_answer_makes_a_server_well_again():
    world, a, b, phone = scene()
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    a.well()
    world.run(REST + CONFIRM + NEAR)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.settings("Servers")
    assert "Served by A." in phone.text() and "Unwell" not in phone.text(), phone.text()
    world.run(MINUTE)  # more than four looks a minute are nobody's
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    a.well()
    seen = len(a.probes)
    world.run(REST + NEAR)
    assert len(a.probes) > seen, "the rest is the first again, not a doubled one"


def test_again_after_an_answer_stays_with_the_server_that_gave_it():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.status(404)
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=NEAR)
    a.refuse()
    phone.softkey("Again")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert not b.sent
