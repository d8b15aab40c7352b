"""The page in the place of the idle screen: after a while without a key, until the next one."""

import pytest

from tests.story.sites import menu, text
from tests.story.visitor import Visitor
from tests.story.world import World, homes

OLD = "\u25f7"  # before the title of a page that no server gave just now
IDLE = "/idle.xml"
WAIT, RETRY = 20000, 30000
QUICK = 600


def phone_of(world, *sites, **more):
    raw = homes(*sites, timers={"idle_ms": WAIT})
    for home, site in zip(raw["homes"], sites):
        site.pages[IDLE] = text("Today", "Soup at %s." % site.name)
        home["pointers"]["idle"] = site.url(IDLE)
    raw["push"] = {"port": 8080, "user": "eve", "password": "pass"}
    return world.phone(config=raw, **more)


@pytest.fixture
def ward(world):
    world.a, world.b = world.site("A"), world.site("B")
    return phone_of(world, world.a, world.b)


def asked(site):
    return [request for request in site.requests if request.path == IDLE and
            request.fields.get("connection") != "close"]  # fmt: skip


def test_it_comes_after_its_time_and_nothing_is_said_of_asking(world, ward):
    world.a.late(400)
    world.run(WAIT - 2000)
    assert ward.screen.kind == "idle" and not asked(world.a)
    for _ in range(20):
        world.run(100)
        assert not ward.screen.busy and "Asking" not in ward.text()
    ward.wait_for("Soup at A.", within=QUICK)
    assert ward.screen.softkeys[0] == "Services", "whoever presses a key wants the phone"


def test_each_key_puts_its_time_off(world, ward):
    world.run(WAIT - 5000)
    ward.press("down")
    world.run(WAIT - 1000)
    assert not asked(world.a)
    ward.wait_for("Soup at A.", within=2000)


@pytest.mark.parametrize("key", ["down", "5", "back", "left"])
def test_any_key_ends_it(world, ward, key):
    ward.wait_for("Soup at A.", within=WAIT + QUICK)
    world.run(60000)
    assert "Soup at A." in ward.text() and len(asked(world.a)) == 1
    ward.press(key)
    assert ward.screen.kind == "idle"
    took = ward.wait_for("Soup at A.", within=WAIT + QUICK)
    assert took > WAIT - 200


@pytest.mark.parametrize("key", ["services", "soft1"])
def test_a_key_of_a_service_opens_it_at_once(world, ward, key):
    ward.wait_for("Soup at A.", within=WAIT + QUICK)
    ward.press(key)
    ward.wait_for("Services of A", within=QUICK)
    ward.press("back")
    assert ward.screen.kind == "idle"


def test_a_key_while_it_is_loaded_gives_it_up(world, ward):
    world.a.late(300)
    world.b.late(300)
    ward.wait_for(lambda: asked(world.a), within=WAIT + QUICK)
    ward.press("down")
    world.run(5000)
    assert ward.screen.kind == "idle"


def test_a_page_that_somebody_opened_stays(world, ward):
    ward.press("services")
    ward.wait_for("Services of A")
    world.run(3 * WAIT)
    assert "Services of A" in ward.text() and not asked(world.a)
    ward.press("back")
    took = ward.wait_for("Soup at A.", within=WAIT + QUICK)
    assert took > WAIT - 200


def test_it_fails_over_as_any_service_does(world, ward):
    world.a.silent()
    ward.wait_for("Soup at B.", within=WAIT + 3000)
    assert ward.screen.label == "B"


def test_where_nobody_gives_it_the_idle_screen_stays_and_it_is_asked_for_again(world, ward):
    world.a.refuse()
    world.b.refuse()
    for _ in range(30):
        world.run(1000)
        assert ward.screen.kind == "idle" and not ward.screen.prompt
    world.b.well()
    ward.wait_for("Soup at B.", within=RETRY)


def test_the_last_good_one_is_marked_as_old_and_asked_for_again(world, ward):
    ward.wait_for("Soup at A.", within=WAIT + QUICK)
    ward.press("down")
    world.a.refuse()
    world.b.refuse()
    ward.wait_for("Soup at A.", within=WAIT + 5000)
    assert ward.screen.title.startswith(OLD)
    world.a.well()
    ward.wait_for(lambda: not ward.screen.title.startswith(OLD), within=2 * RETRY)
    assert "Soup at A." in ward.text() and ward.screen.softkeys[0] == "Services"


def test_it_is_loaded_again_by_its_own_refresh(world, ward):
    for site in (world.a, world.b):
        site.fields[IDLE] = {"Refresh": "30"}
    ward.wait_for("Soup at A.", within=WAIT + QUICK)
    world.a.pages[IDLE] = menu("Today", ("Stew", "stew.xml"))
    ward.wait_for("Stew", within=30000 + QUICK)
    world.a.refuse()
    ward.wait_for("Soup at B.", within=30000 + QUICK)
    ward.press("down")
    assert ward.screen.kind == "idle"


def test_a_pushed_page_lies_over_it_since_the_phone_is_idle(world, ward):
    ward.wait_for("Soup at A.", within=WAIT + QUICK)
    world.a.pages["/alarm.xml"] = text("Alarm", "Everybody out.")
    pushed = Visitor(ward).push(world.a.url("/alarm.xml"), priority=2)
    ward.wait_for(lambda: pushed.whole)
    assert pushed.results[0][0] == "0"
    ward.wait_for("Everybody out.", within=QUICK)
    ward.press("back")
    assert "Soup at A." in ward.text()


def test_its_time_begins_when_the_last_page_has_gone_by_itself(world, ward):
    world.a.pages["/alarm.xml"] = text("Alarm", "Everybody out.")
    world.a.fields["/alarm.xml"] = {"Refresh": "15; url=SoftKey:Exit"}
    Visitor(ward).push(world.a.url("/alarm.xml"))
    ward.wait_for("Everybody out.", within=QUICK)
    ward.wait_for(lambda: ward.screen.kind == "idle", within=16000)
    took = ward.wait_for("Soup at A.", within=WAIT + QUICK)
    assert took > WAIT - 200


def test_a_lost_network_leaves_it_and_asks_for_nothing(world, ward):
    ward.network(False)
    world.run(2 * WAIT)
    assert ward.screen.kind == "idle"
    ward.network(True)
    ward.wait_for("Soup at A.", within=WAIT + QUICK)


def test_the_small_display_has_it_too(world):
    a = world.site("A")
    phone = phone_of(world, a, display=(128, 64, 2))
    phone.wait_for("Soup at A.", within=WAIT + QUICK)
    phone.press("up")
    assert phone.screen.kind == "idle"


def test_a_phone_without_one_stays_idle():
    world = World(seed=3)
    a = world.site("A")
    phone = world.phone(a)
    world.run(10 * WAIT)
    assert phone.screen.kind == "idle" and not asked(a)
