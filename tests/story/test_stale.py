"""The last good page: shown at once while a fresh one is fetched, and where nobody answers, with its age.

Times are virtual milliseconds, as in test_walk.py. A page that no server gave just now has a mark before its
title.
"""

import sys
from email.utils import formatdate

import pytest

from phone import events
from tests.story.sites import MENU, PEOPLE, TEXT, menu, text
from tests.story.test_walk import BACKUP, FAULTS, NEAR, NONE, PACE_MIN, PRIMARY, PROMISE, scene
from tests.story.world import World, homes

MARK = "\u25f7"
MINUTE, HOUR = 60000, 3600000
AIM = 300  # who presses a key so soon after a page changed has not seen it
GATHER = 1000


def seen(seed=1, **options):
    """A's page was seen and left again, a while ago; what A says of it is in its headers already."""
    headers = options.pop("headers", {})
    world = World(seed)
    a, b = world.site("A"), world.site("B")
    a.headers.update(headers)
    b.headers.update(headers)
    phone = world.phone(a, b, **options)
    visit(phone, "services", "Services of A")
    return world, a, b, phone


def visit(phone, key, words):
    phone.press(key)
    phone.wait_for(words, within=NEAR)
    phone.press("back")


def is_stale(phone):
    return phone.screen.title.startswith(MARK + " ")


def asked(site):
    return [sent for sent in site.sent if MENU in sent]


# --- while a fresh one is fetched ------------------------------------------------------------------------


def test_the_last_good_page_is_there_at_once_with_its_age_and_a_mark():
    world, a, b, phone = seen()
    world.run(12 * MINUTE)
    a.late(200)
    phone.press("services")
    screen = phone.screen
    assert screen.title == MARK + " Services of A" and len(screen.rows) == 2 and screen.busy
    assert screen.prompt == "From A, 12 min ago. Asking A ..."
    assert (screen.mark, screen.label) == (PRIMARY, "A") and screen.softkeys[0] == "Select"
    phone.wait_for("Services of A", within=200 + NEAR)
    assert not is_stale(phone) and phone.screen.prompt == "Choose one" and not phone.screen.busy


def test_what_comes_is_what_is_shown():
    world, a, b, phone = seen()
    a.pages[MENU] = menu("New services of A", ("One", "1.xml"))
    phone.press("services")
    assert is_stale(phone) and phone.screen.title.endswith("Services of A")
    phone.wait_for("New services of A", within=NEAR)
    assert [row.text for row in phone.screen.rows] == ["One"]
    phone.press("back")
    assert phone.screen.kind == "idle", "the old page is not behind the new one"


def test_keys_work_on_the_old_page():
    world, a, b, phone = seen()
    a.late(400)
    b.late(400)
    phone.press("services")
    phone.press("down")
    assert phone.screen.selected == 1 and phone.screen.busy and is_stale(phone)
    phone.wait_for("Services of A", within=400 + NEAR)
    assert phone.screen.selected == 1, "the fresh page takes its place under the person's finger"


def test_a_link_of_the_old_page_is_asked_for_and_ends_the_waiting():
    world, a, b, phone = seen()
    a.script = lambda site, request: iter([10**9]) if request.path == MENU else site.answer(request)
    b.silent()
    phone.press("services", "1")
    phone.wait_for("The canteen at A", within=NEAR)
    assert a.sent[-1] == "GET /news.xml" and not is_stale(phone)
    world.run(PROMISE)
    assert "The canteen at A" in phone.text(), "what was awaited does not come back over it"
    phone.press("back")
    assert is_stale(phone) and not phone.screen.busy


@pytest.mark.parametrize("key", ["back", "soft2", "settings"])
def test_who_leaves_the_old_page_waits_no_longer(key):
    world, a, b, phone = seen()
    a.silent()
    b.silent()
    phone.press("services")
    world.run(100)
    phone.press(key)
    assert not phone.screen.busy and not is_stale(phone)
    shown = phone.screen.title
    world.run(PROMISE)
    assert phone.screen.title == shown and not a.connections and not b.connections


def numbered(count, first=1):
    return [("Item %d" % number, "%d.xml" % number) for number in range(first, first + count)]


def test_the_selection_stays_with_its_item_wherever_that_stands_now():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Start", *numbered(20))
    visit(phone, "services", "Start")
    a.late(400)
    b.refuse()
    a.pages[MENU] = menu("Start", ("New", "new.xml"), *numbered(20))
    phone.press("services", "right", "down")
    row = phone.screen.rows[phone.screen.selected - phone.screen.first]
    phone.wait_for(lambda: not phone.screen.busy, within=400 + NEAR)
    assert not is_stale(phone) and phone.screen.total == 21
    assert phone.screen.rows[phone.screen.selected - phone.screen.first].text == row.text


@pytest.mark.parametrize("key", ["1", "select", "soft1"])
def test_a_key_that_was_aimed_at_the_old_items_chooses_nothing_among_new_ones(key):
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Start", *numbered(3))
    visit(phone, "services", "Start")
    a.late(200)
    a.pages[MENU] = menu("Start", ("Delete all", "delete"), *numbered(3, 7))
    phone.press("services")
    phone.wait_for(lambda: not is_stale(phone), within=200 + NEAR)
    phone.press(key)
    world.run(AIM)
    assert a.sent[-1] == "GET /menu.xml"
    phone.press(key)
    world.run(NEAR)
    assert a.sent[-1] == "GET /delete", "a moment later it does"


def test_a_number_may_be_typed_while_the_same_page_comes():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Start", *numbered(20))
    visit(phone, "services", "Start")
    a.late(200)
    phone.press("services", "1")
    phone.wait_for(lambda: not is_stale(phone), within=200 + NEAR)
    phone.press("4")
    world.run(NEAR)
    assert a.sent[-1] == "GET /14.xml"


def test_a_number_is_complete_after_its_pause_also_while_servers_are_asked():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Start", *numbered(20))
    visit(phone, "services", "Start")
    a.script = lambda site, request: iter([5000]) if request.path == MENU else site.answer(request)
    b.silent()
    phone.press("services", "1")
    world.run(PACE_MIN + 50)  # B is asked, too
    assert phone.deadline <= world.now + GATHER - PACE_MIN - 50
    world.run(GATHER + NEAR)
    assert a.sent[-1] == "GET /1.xml"


def test_a_text_that_comes_again_is_read_on_where_it_was():
    world, a, b, phone = scene()
    a.pages[MENU] = text("Notice", "\n".join("Line %d" % number for number in range(40)))
    visit(phone, "services", "Line 1")
    a.late(200)
    phone.press("services", "right")
    first = phone.screen.first
    phone.wait_for(lambda: not phone.screen.busy, within=200 + NEAR)
    assert phone.screen.first == first > 0 and not is_stale(phone)


def test_of_two_servers_the_newer_page_is_shown():
    world, a, b, phone = seen()
    a.refuse()
    visit(phone, "services", "Services of B")
    a.well()
    world.run(HOUR)
    a.late(100)
    phone.press("services")
    assert phone.screen.title == MARK + " Services of B" and phone.screen.mark == BACKUP
    phone.wait_for("Services of A", within=100 + NEAR)


def test_on_the_small_display():
    world, a, b, phone = seen(display=(128, 64, 2))
    world.run(12 * MINUTE)
    a.silent()
    b.refuse()
    phone.press("services")
    assert phone.screen.title == MARK + " Services of A"
    assert phone.screen.prompt == "From A, 12 min ago" and phone.screen.busy
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert "Again" in phone.screen.softkeys and phone.screen.prompt.startswith("B refused")
    world.run(9000)  # the reason has been read
    assert is_stale(phone) and phone.screen.prompt == "From A, 12 min ago"


# --- where nobody answers --------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
def test_with_all_servers_lost_the_last_good_page_stays_with_age_and_reason(fault):
    world, a, b, phone = seen()
    world.run(3 * HOUR)
    FAULTS[fault][0](a)
    b.freeze()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "Services of A" in phone.text(), phone.picture()
    assert phone.screen.prompt.startswith("From A, 3 h ago. ") and phone.screen.mark == NONE
    assert "Again" in phone.screen.softkeys and phone.said("the last good page is shown. From A, 3 h ago.")
    a.well()
    b.well()
    phone.softkey("Again")
    assert is_stale(phone) and phone.screen.busy
    assert phone.screen.prompt.startswith("From A, 3 h ago. Asking ")
    phone.wait_for("Services of", within=NEAR)
    assert not is_stale(phone)


def test_the_reason_is_the_same_as_in_a_sentence():
    world, a, b, phone = seen()
    a.refuse()
    b.status(503, {"Retry-After": "60"})
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert phone.screen.prompt == "From A, a moment ago. A refused the connection."
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone)


def test_the_why_screen_is_one_key_away():
    world, a, b, phone = seen()
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert phone.screen.softkeys == ("Select", "Again", "Why", "Back")
    a.silent()
    b.silent()
    phone.softkey("Again")
    phone.softkey("Why")
    assert phone.screen.title == "Servers" and not phone.screen.busy
    a.well()
    b.well()
    world.run(PROMISE)
    assert phone.screen.title == "Servers", "the page does not come over it"
    phone.press("back")
    assert is_stale(phone)


def test_the_age_goes_on_while_the_page_is_read():
    world, a, b, phone = seen()
    a.unreachable()
    b.unreachable()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    for minutes in range(7, 119, 7):
        world.run(7 * MINUTE)  # told once a minute, as the clock is
        assert any("From A, %d min ago" % (minutes - late) in phone.screen.prompt for late in (0, 1))
    world.run(30 * MINUTE)
    assert "From A, 2 h ago" in phone.screen.prompt
    world.run(50 * HOUR)
    assert "From A, 2 d ago" in phone.screen.prompt


def test_the_age_goes_on_also_where_nobody_knows_the_time():
    world, a, b, phone = seen(headers={"Date": "today"})
    phone.network(False)
    phone.press("services")
    assert is_stale(phone)
    for minutes in range(1, 60):
        world.run(MINUTE)
        assert phone.screen.clock == "--:--"
        told = ["From A, %d min ago" % (minutes - late) for late in (0, 1)]
        told += ["From A, a moment ago"] * (minutes < 2)
        assert any(words in phone.screen.prompt for words in told)


def test_without_a_network_it_is_there_at_once():
    world, a, b, phone = seen()
    phone.network(False)
    phone.press("services")
    assert is_stale(phone) and not phone.screen.busy
    assert phone.screen.prompt == "From A, a moment ago. The phone has no network."


def test_an_answer_of_a_live_server_is_shown_and_no_old_page():
    world, a, b, phone = seen()
    a.status(404)
    phone.press("services")
    phone.wait_for("A has no such page", within=NEAR)
    assert not is_stale(phone) and phone.screen.mark == PRIMARY


def test_an_error_of_the_server_is_no_good_page():
    world, a, b, phone = seen()
    for page in (b"<CiscoIPPhoneError Number='4'/>", b"<html/>", menu("Empty")):
        a.pages[MENU] = page
        phone.press("services")
        phone.wait_for(lambda: not phone.screen.busy, within=NEAR)
        assert not is_stale(phone)
        phone.press("back")
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=NEAR)
    assert is_stale(phone) and "News of A" in phone.text()


def test_update_of_a_page_leaves_it_there_where_nobody_answers():
    world, a, b, phone = scene()
    a.pages[MENU] = text("Notice", "\n".join("Line %d" % number for number in range(40)))
    phone.press("services")
    phone.wait_for("Line 1", within=NEAR)
    phone.press("right")
    first = phone.screen.first
    a.refuse()
    b.refuse()
    world.run(5 * MINUTE)
    phone.softkey("Update")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and phone.screen.first == first and "5 min ago" in phone.screen.prompt
    assert phone.agent._desk.stack.depth == 1


# --- links: never instead of asking ----------------------------------------------------------------------


def read_the_news():
    """The link was followed once, and is on screen with its menu."""
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at A", within=NEAR)
    phone.press("back")
    return world, a, b, phone


def test_a_link_is_asked_for_each_time_and_nothing_old_is_shown_meanwhile():
    world, a, b, phone = read_the_news()
    a.headers["Cache-Control"] = "max-age=600"
    for count in range(2, 5):
        a.late(150)
        phone.press("1")
        world.run(100)
        assert "Services of A" in phone.text() and phone.screen.softkeys[3] == "Cancel", "as it ever was"
        phone.wait_for("The canteen at A", within=NEAR + 150)
        assert a.sent.count("GET /news.xml") == count
        phone.press("back")


def test_where_its_server_does_not_answer_its_last_page_stands_in_and_another_can_be_asked():
    world, a, b, phone = read_the_news()
    world.run(2 * MINUTE)
    a.silent()
    phone.press("1")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "The canteen at A" in phone.text() and "2 min ago" in phone.screen.prompt
    assert a.sent.count("GET /news.xml") == 2 and not b.sent, "it may be a command"
    assert phone.screen.softkeys == ("Again", "Try B", "Why", "Back"), phone.picture()
    phone.softkey("Try B")
    phone.wait_for("The canteen at B", within=NEAR)
    assert b.sent == ["GET /news.xml"] and not is_stale(phone)
    phone.press("back")
    assert "Services of A" in phone.text()


def test_the_page_of_a_link_that_leads_elsewhere_now_stands_in_too():
    world, a, b, phone = read_the_news()
    a.silent()
    world.run(90000)  # A is known to be unwell, and B is asked instead
    b.status(500)
    phone.press("1")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "The canteen at A" in phone.text() and b.sent == ["GET /news.xml"]


def test_where_the_first_page_is_no_help_either_it_is_the_page_of_the_link_that_stands_in():
    world, a, b, phone = read_the_news()
    a.silent()
    world.run(90000)  # A is known to be unwell, and B is asked instead; it has no such page, and no other
    b.script = lambda site, request: site.answer(request, 404 if request.path == TEXT else 500, b"")
    phone.press("1")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "The canteen at A" in phone.text(), phone.picture()


def test_the_page_to_which_a_link_was_redirected_stands_in_at_update():
    world, a, b, phone = scene()
    b.pages["/elsewhere/today.xml"] = b.pages[TEXT]
    moved = {"Location": b.url("/elsewhere/today.xml")}
    a.script = lambda site, request: (
        site.answer(request, 302, b"", moved) if request.path == TEXT else site.answer(request)
    )
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at B", within=2 * NEAR)
    b.silent()
    phone.softkey("Update")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "The canteen at B" in phone.text()


def test_a_link_to_what_a_key_opens_brings_its_page():
    world, a, b, phone = scene()
    a.pages[TEXT] = menu("News of A", ("Home", MENU))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("News of A", within=NEAR)
    a.pages[MENU] = menu("Newer services of A", ("One", "1.xml"))
    phone.press("1")
    phone.wait_for("Newer services of A", within=NEAR)
    world.run(10000)
    a.refuse()
    b.refuse()
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "Newer services of A" in phone.text()


def test_a_page_that_no_link_led_to_before_is_a_sentence():
    world, a, b, phone = read_the_news()
    a.silent()
    phone.press("2")
    phone.wait_for("A takes the connection but", within=PROMISE)
    assert not is_stale(phone) and phone.screen.mark == NONE


# --- what servers wish -----------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["no-store", "no-cache", "private, no-store", "must-revalidate",
                                  "max-age=0, must-revalidate", 'no-cache="Set-Cookie"'])
def test_what_must_not_be_kept_is_not(wish):
    world, a, b, phone = seen(headers={"Cache-Control": wish})
    a.late(100)
    phone.press("services")
    assert phone.screen.kind == "idle" and phone.screen.busy
    phone.wait_for("Services of A", within=100 + NEAR)
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for("A refused the connection", within=PROMISE)
    assert not is_stale(phone)
    world.run(10000)
    assert not [name for name in phone.flash if name.startswith("page.")]


def test_a_server_that_changes_its_mind_is_obeyed():
    world, a, b, phone = seen()
    world.run(10000)
    assert "page.services.a" in phone.flash
    a.headers["Cache-Control"] = "no-store"
    visit(phone, "services", "Services of A")
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for("A refused the connection", within=PROMISE)
    assert not is_stale(phone)
    world.run(2 * HOUR)
    assert not [name for name in phone.flash if name.startswith("page.")]


def later(world, seconds):
    return formatdate(world.wall() + seconds, usegmt=True)


@pytest.mark.parametrize("how", ["max-age", "expires"])
def test_a_fresh_page_needs_no_request(how):
    world, a, b, phone = scene()
    a.headers.update({"Cache-Control": "max-age=600"} if how == "max-age" else {"Expires": later(world, 600)})
    visit(phone, "services", "Services of A")
    world.run(9 * MINUTE)
    phone.press("services")
    assert phone.screen.title == "Services of A" and not phone.screen.busy
    world.run(1000)
    assert len(asked(a)) == 1 and phone.said("is fresh for another")
    phone.press("1")
    phone.wait_for("The canteen at A", within=NEAR)
    phone.press("back", "back")
    world.run(2 * MINUTE)
    a.headers.clear()
    phone.press("services")
    assert is_stale(phone) and phone.screen.busy
    phone.wait_for("Services of A", within=NEAR)
    assert len(asked(a)) == 2


def test_a_fresh_page_can_be_updated():
    world, a, b, phone = scene()
    a.headers["Cache-Control"] = "max-age=600"
    a.pages[MENU] = text("Notice", "Old")
    visit(phone, "services", "Old")
    a.pages[MENU] = text("Notice", "New")
    phone.press("services")
    assert "Old" in phone.text()
    phone.softkey("Update")
    phone.wait_for("New", within=NEAR)


def test_a_fresh_page_of_a_backup_does_not_keep_the_phone_from_the_primary():
    world, a, b, phone = scene()
    b.headers["Cache-Control"] = "max-age=86400"
    a.refuse()
    visit(phone, "services", "Services of B")
    phone.press("services")
    assert phone.screen.title == "Services of B" and not phone.screen.busy, "A is known to be unwell"
    a.well()
    world.run(MINUTE)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


@pytest.mark.parametrize("value", ["0", "-1", "Thu, 01 Jan 1970 00:00:00 GMT", "soon"])
def test_a_page_that_has_expired_is_old_at_once_and_still_of_use(value):
    world, a, b, phone = seen(headers={"Expires": value})
    phone.press("services")
    assert is_stale(phone) and phone.screen.busy
    phone.wait_for("Services of A", within=NEAR)
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone)


def test_for_how_long_it_may_go_ahead_and_stand_in_is_the_servers_word():
    world, a, b, phone = seen(headers={"Cache-Control": "stale-while-revalidate=60, stale-if-error=3600"})
    a.late(100)
    b.refuse()
    world.run(50000)
    phone.press("services")
    assert is_stale(phone)
    phone.wait_for("Services of A", within=100 + NEAR)
    phone.press("back")
    world.run(2 * MINUTE)
    phone.press("services")
    assert phone.screen.kind == "idle" and phone.screen.busy, "not ahead any more"
    a.refuse()
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "2 min ago" in phone.screen.prompt
    world.run(HOUR)
    phone.press("services")
    phone.wait_for("A refused the connection", within=PROMISE)
    assert not is_stale(phone), "nor instead"


def test_what_a_page_took_on_its_way_is_part_of_its_age():
    world, a, b, phone = seen(headers={"Age": "600"})
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert "From A, 10 min ago" in phone.screen.prompt


# --- memory ----------------------------------------------------------------------------------------------


def test_a_page_is_in_memory_once():
    world, a, b, phone = seen()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    [copy] = phone.agent._client.cache.of("services")
    assert phone.agent._desk.stack.top.items is copy.record.items


def test_a_short_heap_costs_the_copies_and_not_what_is_on_screen():
    world, a, b, phone = seen()
    world.run(5000)
    a.late(300)
    b.refuse()
    phone.press("services")
    phone.feed(events.Low())
    assert is_stale(phone) and not phone.agent._client.cache.of("services")
    phone.wait_for("Services of A", within=300 + NEAR)
    assert not is_stale(phone)


def test_a_fresh_page_that_finds_no_room_leaves_the_old_one(monkeypatch):
    """As after a MemoryError in the middle of a feed: the hands call relieve()."""
    world, a, b, phone = seen()
    reader = sys.modules["phone.core.fetch"].PageReader

    def full(page, view):
        monkeypatch.undo()
        raise MemoryError

    monkeypatch.setattr(reader, "feed", full)
    phone.press("services")
    assert is_stale(phone)
    with pytest.raises(MemoryError):
        world.run(1000)
    for effect in phone.agent.relieve(world.now):
        phone._perform(effect)
    phone.tick()
    assert is_stale(phone) and "more memory than the phone has" in phone.screen.prompt, phone.picture()
    assert "Again" in phone.screen.softkeys and not phone.screen.busy
    phone.softkey("Again")
    phone.wait_for("Services of B", within=NEAR)  # the page of A may be more than there is room for
    assert not is_stale(phone)


# --- on the flash ----------------------------------------------------------------------------------------


def test_after_a_power_cut_the_last_good_page_comes_from_the_flash():
    world, a, b, phone = seen()
    world.run(10000)
    a.unreachable()
    b.unreachable()
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "News of A" in phone.text()
    assert phone.screen.prompt.startswith("From A, age unknown. A cannot be reached.")
    phone.feed(events.Wall(int(world.wall()) + 7200, "sntp"))
    assert phone.screen.prompt.startswith("From A, 2 h ago. "), phone.picture()
    a.well()
    phone.softkey("Again")
    phone.wait_for("Services of A", within=NEAR)
    assert not is_stale(phone)


def test_it_is_shown_while_a_server_is_asked_too():
    world, a, b, phone = seen()
    world.run(10000)
    phone.restart("power")
    world.run(1000)
    phone.feed(events.Wall(int(world.wall()), "sntp"))
    a.late(200)
    phone.press("services")
    phone.wait_for(lambda: is_stale(phone), within=100)
    assert phone.screen.busy
    assert phone.screen.prompt == "From A, a moment ago. Asking A ..."
    phone.press("down")
    phone.wait_for("Services of A", within=200 + NEAR)
    assert not is_stale(phone) and phone.screen.selected == 1


def test_without_a_network_the_flash_is_read_before_anything_is_said():
    world, a, b, phone = seen()
    world.run(10000)
    phone.link = False
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    assert phone.screen.busy
    phone.wait_for(lambda: not phone.screen.busy, within=200)
    assert is_stale(phone) and "The phone has no network." in phone.screen.prompt


def test_a_copy_that_nobody_waits_for_any_more_does_not_come_up():
    world, a, b, phone = seen()
    world.run(10000)
    phone.restart("power")
    world.run(1000)
    a.silent()
    b.silent()
    phone.press("services", held=1)
    phone.press("settings", held=1)
    assert phone.screen.title == "Settings"
    world.run(PROMISE)
    assert phone.screen.title == "Settings"


def test_a_flash_that_does_not_answer_costs_a_moment():
    world, a, b, phone = seen()
    world.run(10000)
    phone.link = False
    phone.restart("power")
    world.run(1000)
    phone._do_load = lambda name, at: None
    phone.press("services")
    phone.wait_for("The phone has no network.", within=2000)
    assert not is_stale(phone)


def test_after_memory_was_short_the_flash_has_it():
    world, a, b, phone = seen()
    world.run(10000)
    phone.feed(events.Low())
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "From A, a moment ago" in phone.screen.prompt


def test_memory_that_is_short_before_a_page_is_written_leaves_the_flash_as_it_is():
    world, a, b, phone = seen()
    phone.feed(events.Low())
    world.run(2 * HOUR)
    assert not [name for name in phone.flash if name.startswith("page.")]
    visit(phone, "services", "Services of A")
    world.run(2 * HOUR)
    assert "page.services.a" in phone.flash


def test_the_flash_has_the_page_of_who_answered_last():
    world, a, b, phone = seen()
    for name, other in ((b, a), (a, b)):
        world.run(2 * HOUR)
        name.well()
        other.refuse()
        world.run(MINUTE)
        visit(phone, "services", "Services of " + name.name)
    world.run(2 * HOUR)
    a.refuse()
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "Services of A" in phone.text()


def test_a_backup_that_forbids_copies_leaves_that_of_the_primary():
    world, a, b, phone = seen()
    world.run(10000)
    b.headers["Cache-Control"] = "no-store"
    a.refuse()
    visit(phone, "services", "Services of B")
    world.run(2 * HOUR)
    b.refuse()
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone) and "Services of A" in phone.text()


def test_what_another_configuration_asked_for_is_not_shown():
    world, a, b, phone = seen()
    world.run(10000)
    other = World()
    c = other.site("C", host="10.7.7.7")
    c.refuse()
    raw = homes(c)
    again = other.phone(config=raw)
    again.flash.update(phone.flash)
    again.restart("power")
    other.run(1000)
    again.press("services")
    again.wait_for("C refused the connection", within=PROMISE)
    assert not is_stale(again)


def forged(phone, data, name="page.services"):
    """`data` as a record that the store takes for whole: only what is in it is wrong."""
    from binascii import crc32

    head = b"Evl\x01" + (9).to_bytes(4, "big") + len(data).to_bytes(4, "big")
    whole = head + crc32(head, crc32(data)).to_bytes(4, "big") + data
    old = phone.flash[name + ".a"]
    assert old[:4] == head[:4], "the form has changed"
    phone.flash.pop(name + ".b", None)
    phone.flash[name + ".a"] = whole
    return old[16:]


@pytest.mark.parametrize("how", ["empty", "cut", "noise", "another page"])
def test_hostile_bytes_on_the_flash_are_a_sentence(how):
    world, a, b, phone = seen()
    world.run(10000)
    good = forged(phone, b"")
    bad = {"empty": b"", "cut": good[:-3], "noise": bytes(range(256)) * 8,
           "another page": good.replace(b"10.0.0.1", b"10.6.6.6")}[how]
    forged(phone, bad)
    a.refuse()
    b.refuse()
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for("A refused the connection", within=PROMISE)
    assert not is_stale(phone)


def after_a_power_cut(phone, clock):
    """The prompt of the key services, with every server down and the time of day known."""
    for site in phone.world.sites.values():
        site.refuse()
    phone.restart("power")
    phone.feed(events.Wall(int(clock), "sntp"))
    phone.world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone)
    return phone.screen.prompt


def test_no_age_is_told_of_other_bytes_than_those_that_were_dated():
    """As after a power cut between the page and its date."""
    world, a, b, phone = seen()
    world.run(10000)
    forged(phone, forged(phone, b"").replace(b"News of A", b"News of X"))
    assert "age unknown" in after_a_power_cut(phone, world.wall()) and "News of X" in phone.text()


def test_a_clock_that_was_set_back_tells_no_age():
    world, a, b, phone = seen()
    world.run(10000)
    assert "From A, a moment ago" in after_a_power_cut(phone, world.wall() + 5)
    assert "From A, age unknown" in after_a_power_cut(phone, world.wall() - 3600)


def test_a_spoilt_note_is_made_anew():
    world, a, b, phone = seen()
    world.run(10000)
    forged(phone, b"x" * 13, "pages")
    phone.restart("power")
    world.run(1000)
    visit(phone, "services", "Services of A")
    world.run(HOUR)  # a phone that has just started writes at the pace of the store
    assert "From A, 60 min ago" in after_a_power_cut(phone, world.wall())


@pytest.mark.parametrize("times", [b"", b"x", b"\xff" * 48])
def test_a_spoilt_note_of_when_it_was_is_no_wrong_age(times):
    world, a, b, phone = seen()
    world.run(10000)
    forged(phone, times, "pages")
    a.refuse()
    b.refuse()
    phone.restart("power")
    phone.feed(events.Wall(int(world.wall()), "clock"))
    world.run(1000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert not is_stale(phone) or "age unknown" in phone.screen.prompt


def test_a_page_that_stays_the_same_is_written_once_and_its_date_seldom():
    world, a, b, phone = seen()
    world.run(10000)
    loads, load = [], phone._do_load
    phone._do_load = lambda name, at: (loads.append(name), load(name, at))
    for _ in range(48):  # a day
        world.run(30 * MINUTE)
        visit(phone, "services", "Services of A")
    assert not loads, "nor is it read to see whether it is the same"
    saves = [name for _, name in phone.saves]
    assert saves.count("page.services.a") == 1 and "page.services.b" not in saves
    assert 20 <= len(saves) - 1 <= 30, "the date once an hour"


def test_a_page_that_changes_each_time_does_not_wear_the_flash_out():
    world, a, b, phone = scene()
    count = [0]

    def page(request):
        count[0] += 1
        return menu("Services of A", ("Load %d" % count[0], "x.xml"))

    a.pages[MENU] = page
    for _ in range(288):
        visit(phone, "services", "Load")
        world.run(5 * MINUTE)
    pages = [name for _, name in phone.saves if name.startswith("page.")]
    assert 20 <= len(pages) <= 30, "a day: once an hour"


def test_nothing_is_written_within_a_second_of_a_key():
    world, a, b, phone = scene()
    keys = []
    for _ in range(30):
        phone.press("services", "directory", "back")
        keys.append(world.now)
        world.run(world.random.randint(500, 3000))
        a.pages[MENU] = menu("Services of A", ("Load %d" % world.now, "x.xml"))
    assert phone.saves
    for at, name in phone.saves:
        assert all(not key <= at - 80 < key + 1000 for key in keys), (at, name)


def test_a_probe_is_no_page():
    world, a, b, phone = scene()
    world.run(HOUR)
    assert a.probes and not phone.flash


# --- names in the directory ------------------------------------------------------------------------------


def staff(name):
    names = ("Adler, Konrad", "Dial:101"), ("Keller, Anna", "Dial:102"), ("More", "more.xml")
    return menu("People of " + name, *names)


def test_the_directory_is_searched_with_every_server_down_also_after_a_power_cut():
    world, a, b, phone = scene()
    a.pages[PEOPLE] = staff("A")
    visit(phone, "directory", "People of A")
    world.run(10000)
    a.blackhole()
    b.refuse()
    phone.restart("power")
    world.run(1000)
    phone.press("directory")
    phone.wait_for("Keller, Anna", within=PROMISE) if not phone.screen.busy else None
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert is_stale(phone)
    phone.softkey("Search")
    assert phone.screen.title == "Search" and not phone.screen.busy
    phone.press("5", "3")
    assert phone.screen.title == "Search: 53" and [row.text for row in phone.screen.rows] == ["Keller, Anna"]
    phone.press("back", "6")
    assert [row.text for row in phone.screen.rows] == ["Adler, Konrad"]
    phone.press("select")
    assert phone.screen.title == "Call 101"
    phone.press("back", "back", "back", "back")
    assert is_stale(phone) and "People of A" in phone.screen.title


def test_a_search_goes_over_all_pages_of_the_directory_that_the_phone_has():
    world, a, b, phone = scene()
    a.pages[PEOPLE] = staff("A")
    a.pages["/more.xml"] = menu("More people", ("Ковач, Zoë", "zoe.xml"), ("Keller, Anna", "Dial:102"))
    a.pages["/zoe.xml"] = text("Zoë", "Room 7")
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)
    phone.press("3")
    phone.wait_for("More people", within=NEAR)
    phone.press("back")
    phone.softkey("Search")
    phone.press("5", "3")
    assert [row.text for row in phone.screen.rows] == ["Keller, Anna"], "and once"
    phone.press("back", "back", "9", "6", "3")
    assert [row.text for row in phone.screen.rows] == ["Ковач, Zoë"]
    phone.press("select")
    phone.wait_for("Room 7", within=NEAR)
    assert a.sent[-1] == "GET /zoe.xml"


def test_a_search_waits_for_nobody():
    world, a, b, phone = scene()
    a.pages[PEOPLE] = staff("A")
    visit(phone, "directory", "People of A")
    a.silent()
    b.silent()
    phone.press("directory")
    assert is_stale(phone) and phone.screen.busy
    phone.softkey("Search")
    assert phone.screen.title == "Search" and not phone.screen.busy
    world.run(PROMISE)
    assert phone.screen.title == "Search" and not a.connections and not b.connections


def test_other_pages_have_no_search():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert "Search" not in phone.screen.softkeys
    phone.press("1")
    phone.wait_for("The canteen at A", within=NEAR)
    assert "Search" not in phone.screen.softkeys


def test_a_page_with_softkeys_of_its_own_has_search_beside_them():
    world, a, b, phone = scene()
    keys = b"<SoftKeyItem><Name>Dial</Name><Position>1</Position><URL>SoftKey:Select</URL></SoftKeyItem>"
    a.pages[PEOPLE] = staff("A").replace(b"</CiscoIPPhoneMenu>", keys + b"</CiscoIPPhoneMenu>")
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)
    assert phone.screen.softkeys == ("Dial", "Search", "", "")
    a.refuse()
    b.refuse()
    phone.press("directory")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert phone.screen.softkeys == ("Again", "Why", "Search", "More"), phone.picture()


def test_a_silent_server_costs_no_more_than_before():
    """The walk and the hedge go on underneath: an old page is no page."""
    world, a, b, phone = seen()
    a.silent()
    phone.press("services")
    assert is_stale(phone)
    took = phone.wait_for("Services of B", within=PACE_MIN + NEAR)
    assert took >= PACE_MIN - 1 and phone.went("hedge") == ["B"] and TEXT not in str(b.sent)
