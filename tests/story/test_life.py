"""Pages that live: loaded again by their own Refresh, followed by another, kept off the history (Expires)."""

from itertools import count

import pytest

from tests.story.sites import MENU, PEOPLE, TEXT, menu, text
from tests.story.test_walk import NEAR

FIRST_BYTE = 2500  # as configured
AIM = 300  # who presses a key so soon after a page changed has not seen it
AGAIN = 10000  # after a page that did not come
OLD = "\u25f7"  # before the title of a page that no server gave just now
BOARD, NEXT = "/board.xml", "/next.xml"


def board(site, refresh):
    """A page that says something else each time it is asked for."""
    numbers = count(1)
    site.pages[BOARD] = lambda request: text("Board", "Beds of %s: %d." % (site.name, next(numbers)))
    site.fields[BOARD] = {"Refresh": refresh}
    site.pages[MENU] = menu("Services of " + site.name, ("Board", "board.xml"), ("News", "news.xml"))


@pytest.fixture
def ward(world):
    """A phone on the page of a board that is loaded again every five seconds."""
    world.a, world.b = world.site("A"), world.site("B")
    for site in (world.a, world.b):
        board(site, "5")
    phone = world.phone(world.a, world.b)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("select")
    phone.wait_for("Beds of A: 1.", within=NEAR)
    return phone


def asked(site, path=BOARD):
    return [request.at for request in site.requests if request.path == path and is_whole(request)]


def is_whole(request):
    return request.fields.get("connection") != "close"


# --- Refresh --------------------------------------------------------------------------------------------


def test_a_page_is_loaded_again_by_its_own_refresh_and_nobody_is_told(world, ward):
    took = ward.wait_for("Beds of A: 2.", within=6000)
    assert 4500 < took < 5600
    world.a.late(400)
    for _ in range(60):
        assert not ward.screen.busy and "Asking" not in ward.text()
        world.run(100)
    world.run(200)
    assert not ward.screen.busy and "Cancel" not in ward.screen.softkeys
    ward.wait_for("Beds of A: 3.", within=500)
    ward.press("back")
    assert "Services of A" in ward.text(), "it took its own place, and no other"


def test_who_asks_for_it_each_moment_gets_it_each_second(world, ward):
    world.a.fields[BOARD] = {"Refresh": "1"}
    ward.wait_for("Beds of A: 2.", within=6000)
    world.run(10000)
    times = asked(world.a)[2:]
    assert len(times) > 7 and min(b - a for a, b in zip(times, times[1:])) >= 1000


def test_it_rests_while_another_page_is_on_top_and_comes_with_it(world, ward):
    ward.press("settings")
    world.run(20000)
    assert len(asked(world.a)) == 1
    ward.press("services")
    ward.wait_for("Services of A")
    ward.press("select")
    ward.wait_for("Beds of A: 2.", within=NEAR)
    ward.softkey("Exit")
    world.run(20000)
    assert len(asked(world.a)) == 2


def test_behind_another_page_it_waits_and_is_loaded_a_second_after_back(world, ward):
    world.a.pages[BOARD] = menu("Board", ("More", "news.xml"))
    ward.wait_for("More", within=6000)
    world.run(AIM)
    ward.press("select")
    ward.wait_for("canteen", within=NEAR)
    world.run(8000)
    assert "canteen" in ward.text() and len(asked(world.a)) == 2
    ward.press("back")
    world.run(900)
    assert len(asked(world.a)) == 2
    world.run(300)
    assert len(asked(world.a)) == 3


def test_where_the_person_reads_stays_where_it_is(world, ward):
    rows = lambda request: menu("Board", *[("Bed %d" % n, "bed%d.xml" % n) for n in range(30)])  # noqa: E731
    world.a.pages[BOARD] = rows
    ward.wait_for("Bed 1", within=6000)
    ward.press("down", "down", "down")
    world.run(12000)
    assert len(asked(world.a)) >= 3 and ward.screen.rows[ward.screen.selected].text == "Bed 3"


def test_another_page_follows_and_takes_its_place(world, ward):
    world.a.fields[BOARD] = {"Refresh": "2; url=news.xml"}
    ward.wait_for("Beds of A: 2.", within=6000)
    took = ward.wait_for("canteen at A", within=3000)
    assert took > 1500
    world.run(20000)
    assert "canteen at A" in ward.text() and len(asked(world.a)) == 2, "that one does not live"
    ward.press("back")
    assert "Services of A" in ward.text()


def test_an_address_of_the_phones_own_closes_the_page(world, ward):
    world.a.fields[BOARD] = {"Refresh": "0; url=SoftKey:Exit"}
    ward.wait_for("Beds of A: 2.", within=6000)
    ward.wait_for(lambda: ward.screen.kind == "idle", within=1500)


@pytest.mark.parametrize("uri", [
    "Dial:0900123", "tel:0900123", "EditDial:0900123", "Key:Directories", "Key:Soft1", "SoftKey:Select",
    "SoftKey:Submit", "Notify:http:b.example:80:note::data"])
def test_by_a_clock_a_page_dials_nobody_presses_no_key_and_sends_nothing(world, ward, uri):
    key = "<SoftKeyItem><Name>Call</Name><Position>1</Position><URL>Dial:0900123</URL></SoftKeyItem>"
    world.a.pages[BOARD] = menu("Board", ("Call", "Dial:0900123")).replace(
        b"</CiscoIPPhoneMenu>", key.encode() + b"</CiscoIPPhoneMenu>")
    world.a.fields[BOARD] = {"Refresh": "1; url=" + uri}
    ward.wait_for(lambda: len(asked(world.a)) == 2, within=6000)
    posts = len(world.a.requests) + len(world.b.requests)
    world.run(4000)
    assert ward.screen.title == "Board" and "Nobody has chosen that." in ward.screen.prompt
    assert len(world.a.requests) + len(world.b.requests) == posts


def test_nothing_half_typed_is_taken_away(world, ward):
    field = b"<InputItem><DisplayName>Name</DisplayName><QueryStringParam>n</QueryStringParam></InputItem>"
    page = b"<CiscoIPPhoneInput><Title>Who</Title><URL>who.xml</URL>%s</CiscoIPPhoneInput>"
    world.a.pages[BOARD] = page % field
    ward.wait_for("Who", within=6000)
    ward.wait_for(lambda: len(asked(world.a)) == 4, within=15000)
    ward.press("2")
    world.run(30000)
    assert len(asked(world.a)) == 4 and ward.screen.title == "Who"
    ward.press("back")
    assert "Services of A" in ward.text() or "Who" in ward.text()


# --- through failover -----------------------------------------------------------------------------------


def test_it_goes_to_the_next_server_by_itself_and_says_nothing(world, ward):
    world.a.refuse()
    ward.wait_for("Beds of B: 1.", within=6000)
    ward.wait_for("Beds of B: 2.", within=6000)
    assert ward.screen.label == "B"


def test_silence_too_is_left_since_the_server_itself_wanted_to_be_asked(world, ward):
    world.a.silent()
    ward.wait_for("Beds of B: 1.", within=5000 + FIRST_BYTE + 500)


def test_a_server_that_has_not_got_the_page_puts_no_other_in_its_place(world, ward):
    del world.b.pages[BOARD]
    world.a.refuse()
    ward.wait_for("Not loaded anew:", within=6000)
    assert "Beds of A: 1." in ward.text() and ward.screen.title == "Board"
    world.a.well()
    ward.wait_for("Beds of A: 2.", within=90000)


def test_where_nobody_gives_it_the_page_stays_and_says_so_and_comes_again(world, ward):
    world.a.refuse()
    world.b.refuse()
    ward.wait_for(OLD, within=6000)
    assert "Beds of A: 1." in ward.text()
    world.run(30000)
    assert 3 <= len([at for at in world.a.connects if at > world.now - 30000]) <= 5, "one is a look"
    world.b.well()
    ward.wait_for("Beds of B: 1.", within=AGAIN + 1000)
    assert OLD not in ward.screen.title


def test_a_phone_without_copies_says_so_too(world):
    a = world.site("A")
    board(a, "5")

    def small(phone, cause):
        from phone.agent import Agent
        from tests.story.world import theme

        return Agent(phone.config, theme(*phone.display), lambda n: bytes(n), (), cause,
                     heap=lambda: (1000, 100000), scratch=b"")  # fmt: skip

    phone = world.phone(a, agent=small)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("select")
    phone.wait_for("Beds of A: 1.")
    a.refuse()
    phone.wait_for("Not loaded anew: A refused the connection", within=6000)
    assert "Beds of A: 1." in phone.text()
    world.run(25000)
    assert len([at for at in a.connects if at > world.now - 25000]) <= 4, "two of them are looks"
    a.well()
    phone.wait_for("Beds of A: 2.", within=AGAIN + 1000)
    assert "Not loaded" not in phone.text()


def test_a_lost_network_is_waited_for(world, ward):
    ward.network(False)
    world.run(20000)
    assert "Beds of A: 1." in ward.text() and len(asked(world.a)) == 1
    ward.network(True)
    ward.wait_for("Beds of A: 2.", within=6000)


def test_a_key_goes_first(world, ward):
    world.a.late(800)
    ward.wait_for(lambda: len(asked(world.a)) == 2, within=6000)
    ward.press("services")
    ward.wait_for("Services of", within=1500)
    world.run(3000)
    assert "Services of" in ward.text()


def test_what_a_person_asked_for_is_not_cut_short(world, ward):
    world.a.pages[BOARD] = menu("Board", ("More", "news.xml"))
    ward.wait_for("More", within=6000)
    world.run(3500)
    world.a.late(2000)
    ward.press("select")
    world.run(1900)
    assert ward.screen.busy
    ward.wait_for("canteen", within=2000)


def test_who_goes_back_while_it_is_asked_for_is_left_alone(world, ward):
    world.a.late(800)
    ward.wait_for(lambda: len(asked(world.a)) == 2, within=6000)
    ward.press("back")
    world.run(8000)
    assert "Services of A" in ward.text() and len(asked(world.a)) == 2


# --- Expires --------------------------------------------------------------------------------------------


def test_no_way_leads_back_to_a_page_that_had_expired(world):
    a = world.site("A")
    a.pages["/login.xml"] = menu("Login", ("Go on", "news.xml"))
    a.fields["/login.xml"] = {"Expires": "-1"}
    a.pages[MENU] = menu("Services of A", ("Login", "login.xml"))
    phone = world.phone(a)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("select")
    phone.wait_for("Go on")
    phone.press("select")
    phone.wait_for("canteen at A")
    phone.press("back")
    assert "Services of A" in phone.text()


def test_where_nothing_follows_it_stays(world):
    a = world.site("A")
    a.fields[MENU] = {"Expires": "Thu, 19 Nov 1981 08:52:00 GMT"}
    a.pages[TEXT] = None
    phone = world.phone(a)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("select")
    phone.wait_for("no such page")
    phone.press("back")
    assert "Services of A" in phone.text()


# --- Next -----------------------------------------------------------------------------------------------


def test_next_leads_to_the_page_that_follows_and_back_from_there(world):
    a = world.site("A")
    a.pages[MENU] = text("Page one", "Aardvark")
    a.fields[MENU] = {"Refresh": "0; url=two.xml"}
    a.pages["/two.xml"] = text("Page two", "Badger")
    phone = world.phone(a)
    phone.press("services")
    phone.wait_for("Aardvark")
    world.run(20000)
    assert "Aardvark" in phone.text()
    phone.softkey("Next")
    phone.wait_for("Badger")
    assert "Next" not in phone.screen.softkeys
    phone.press("back")
    assert "Aardvark" in phone.text()


def people(title, *names):
    row = "<DirectoryEntry><Name>%s</Name><Telephone>10%d</Telephone></DirectoryEntry>"
    rows = "".join(row % (name, number) for number, name in enumerate(names))
    page = "<CiscoIPPhoneDirectory><Title>%s</Title>%s</CiscoIPPhoneDirectory>"
    return (page % (title, rows)).encode()


@pytest.mark.parametrize("refresh", ["0; url=more.xml", "; url=more.xml"])
def test_a_directory_is_paged_by_next(world, refresh):
    a = world.site("A")
    a.pages[PEOPLE] = people("People 1", "Ada", "Bea")
    a.fields[PEOPLE] = {"Refresh": refresh}
    a.pages["/more.xml"] = people("People 2", "Cleo")
    phone = world.phone(a)
    phone.press("directory")
    phone.wait_for("Ada")
    assert "Next" in phone.screen.softkeys and "Dial" in phone.screen.softkeys
    phone.softkey("Next")
    phone.wait_for("Cleo")
    assert "Next" not in phone.screen.softkeys
    phone.press("back")
    assert "Ada" in phone.text()
