"""An Execute that is no push, but the answer to a request, or a page that was pushed; Response and Status."""

from xml.sax.saxutils import quoteattr

import pytest

from tests.story.sites import MENU, menu, text
from tests.story.visitor import Visitor
from tests.story.world import World, homes

QUICK = 600
MINUTE = 60000
GO = "/go.xml"


def execute(*items):
    """A page with these items: a URL, or (URL, priority)."""
    items = [item if isinstance(item, tuple) else (item, None) for item in items]
    levels = ["" if level is None else ' Priority="%d"' % level for _, level in items]
    row = "<ExecuteItem URL=%s%s/>"
    rows = "".join(row % (quoteattr(item[0]), level) for item, level in zip(items, levels))
    return ("<CiscoIPPhoneExecute>%s</CiscoIPPhoneExecute>" % rows).encode()


@pytest.fixture
def ward(world):
    """A phone on a menu whose first line leads to an Execute."""
    world.a, world.b = world.site("A"), world.site("B")
    for site in (world.a, world.b):
        site.pages[MENU] = menu("Services of " + site.name, ("Go", "go.xml"), ("News", "news.xml"))
        site.pages["/there.xml"] = text("There", "Arrived at %s." % site.name)
    raw = homes(world.a, world.b)
    raw["push"] = {"port": 8080, "user": "eve", "password": "pass"}
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A")
    return phone


def go(ward, *items):
    for site in (ward.world.a, ward.world.b):
        site.pages[GO] = execute(*items)
    ward.press("select")


# --- as an answer ---------------------------------------------------------------------------------------


def test_its_page_is_shown_as_if_the_link_led_there(world, ward):
    go(ward, "there.xml")
    ward.wait_for("Arrived at A.", within=QUICK)
    ward.press("back")
    assert "Services of A" in ward.text(), "the Execute itself is no page to go back to"


def test_an_entry_page_may_be_one(world, ward):
    ward.softkey("Exit")
    world.a.pages[MENU] = execute(world.a.url("/there.xml"))
    ward.press("services")
    ward.wait_for("Arrived at A.", within=QUICK)
    ward.press("back")
    assert ward.screen.kind == "idle"


def test_its_page_comes_from_the_next_server_where_its_own_is_lost(world, ward):
    world.a.pages[MENU] = execute(world.a.url("/there.xml"))
    ward.softkey("Exit")

    def dies(site, request):
        yield from type(site).answer(site, request)
        if request.path == MENU:
            site.world.after(0, site.refuse)

    world.a.script = dies
    ward.press("services")
    ward.wait_for("Arrived at B.", within=2000)


def test_uris_are_done_and_the_page_stays(world, ward):
    go(ward, "Init:AppStatus", "Key:NavDwn")
    ward.wait_for(lambda: ward.screen.selected == 1, within=QUICK)
    world.run(QUICK)
    assert "Services of A" in ward.text() and not ward.screen.busy


def test_uris_and_one_page(world, ward):
    go(ward, "Play:Classic1.raw", "there.xml")
    ward.wait_for("Arrived at A.", within=QUICK)
    assert ward.tones


def test_a_second_page_is_told_and_a_fourth_item_left_out(world, ward):
    go(ward, "there.xml", "news.xml", "Init:AppStatus", "Key:Settings")
    ward.wait_for("Arrived at A.", within=QUICK)
    assert ward.said("There is one http URL already.") and "Settings" not in ward.text()


def test_what_this_phone_has_not_is_told(world, ward):
    go(ward, "RTPRx:10.0.0.9:20480")
    ward.wait_for("This phone has no such thing.", within=QUICK)
    assert ward.said("A wants something done, in vain:")


def test_pages_that_lead_in_a_circle_are_left(world, ward):
    go(ward, "go.xml")
    ward.wait_for("Its pages lead in a circle.", within=2000)
    world.run(5000)
    assert len([request for request in world.a.requests if request.path == GO]) < 8
    ward.press("down", "select")
    ward.wait_for("canteen", within=QUICK)


@pytest.mark.parametrize("port", [8080, 0])
def test_a_page_of_priority_1_waits_until_the_phone_is_idle(port):
    world = World(seed=2)
    a = world.site("A")
    a.pages[MENU] = menu("Services of A", ("Go", "go.xml"))
    a.pages["/there.xml"] = text("There", "Arrived.")
    a.pages[GO] = execute(("there.xml", 1))
    raw = homes(a)
    raw["push"] = {"port": port}
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("select")
    world.run(5000)
    assert "Services of A" in phone.text()
    phone.press("back")
    phone.wait_for("Arrived.", within=2000)


def test_a_page_of_priority_2_is_not_for_a_phone_in_use(world, ward):
    go(ward, ("there.xml", 2))
    ward.wait_for("The phone is in use.", within=QUICK)
    ward.press("back")
    world.run(2 * MINUTE)
    assert ward.screen.kind == "idle"


# --- pushed ---------------------------------------------------------------------------------------------


def push(ward, url, **options):
    pushed = Visitor(ward).push(url, **options)
    ward.wait_for(lambda: pushed.whole)
    return pushed.results


def test_a_pushed_page_may_be_one_and_its_page_comes_beside_what_a_person_does(world, ward):
    world.b.pages[GO] = execute("Init:AppStatus", world.b.url("/there.xml"))
    assert push(ward, world.b.url(GO))[0][0] == "0"
    for _ in range(20):
        assert not ward.screen.busy
        world.run(20)
    assert "Arrived at B." in ward.text()
    ward.press("back")
    assert "Services of A" in ward.text()


def test_pushed_pages_that_lead_in_a_circle_are_left(world, ward):
    world.b.pages[GO] = execute(world.b.url(GO))
    push(ward, world.b.url(GO))
    world.run(10000)
    assert len([request for request in world.b.requests if request.path == GO]) < 8


def test_a_page_that_waits_is_asked_of_the_server_in_use_by_then(world, ward):
    push(ward, world.a.url("/there.xml"), priority=1)
    world.a.silent()
    world.run(50000)  # the look in idle time finds it
    ward.wait_for("Arrived at B.", within=MINUTE)
    assert not ward.said("A page was pushed, but A")


def test_a_pushed_page_lives(world, ward):
    world.b.fields["/there.xml"] = {"Refresh": "3"}
    push(ward, world.b.url("/there.xml"))
    ward.wait_for("Arrived at B.", within=QUICK)
    world.b.pages["/there.xml"] = text("There", "Settled.")
    ward.wait_for("Settled.", within=4000)


# --- Response, Status -----------------------------------------------------------------------------------


def test_a_response_is_shown_in_sentences(world, ward):
    world.a.pages[GO] = (
        b'<CiscoIPPhoneResponse><ResponseItem Status="0" Data="Success" URL="Play:a.raw"/>'
        b'<ResponseItem Status="6" Data="" URL="Key:Line9"/><ResponseItem Status="" Data="" URL=""/>'
        b"</CiscoIPPhoneResponse>"
    )
    ward.press("select")
    ward.wait_for("Play:a.raw: Success", within=QUICK)
    assert "Key:Line9: It was refused (6)." in ward.text()
    ward.press("back")
    assert "Services of A" in ward.text()


def status(words):
    return ("<CiscoIPPhoneStatus><Text>%s</Text><Timer>60</Timer></CiscoIPPhoneStatus>" % words).encode()


def test_a_pushed_status_floats_until_a_new_one_or_appstatus(world, ward):
    world.b.pages["/status.xml"] = status("On hold")
    push(ward, world.b.url("/status.xml"))
    ward.wait_for(lambda: "On hold" in str(ward.screen.window), within=QUICK)
    assert "Services of A" in ward.text()
    world.b.pages["/status.xml"] = status("Connected")
    push(ward, world.b.url("/status.xml"))
    ward.wait_for(lambda: "Connected" in str(ward.screen.window), within=QUICK)
    ward.press("back")
    assert "Connected" in str(ward.screen.window), "no key takes it away"
    assert push(ward, "Init:AppStatus")[0][:2] == ("0", "Success")
    assert not ward.screen.window


def test_executes_that_have_each_other_loaded_by_a_key_are_left_after_a_while(world, ward):
    world.a.pages[MENU] = execute("Key:Services")
    ward.press("services")
    world.run(5000)
    asked = [request for request in world.a.requests if request.path == MENU]
    assert len(asked) < 12 and not ward.screen.busy
    world.a.pages[MENU] = menu("Whole again", ("Go", "go.xml"))
    ward.press("services")
    ward.wait_for("Whole again", within=QUICK)
