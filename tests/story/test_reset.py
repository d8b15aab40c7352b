"""A page that kills the phone does so once, and a phone that keeps dying comes up in safe mode.

Died stands for a brain that never comes back: whatever the agent was doing is lost, and what was kept before
is all that the next life knows. The hands of a story restart the phone as the watchdog does.
"""

from importlib import import_module

import pytest

from phone import events
from tests.story.sites import MENU, TEXT, menu, text
from tests.story.world import World, homes, real_agent

SPIN, TOO_MUCH, BROKEN = b"SPIN", b"TOO MUCH", b"BROKEN"
CHANCE = 300000  # ms until a suspect is tried again
HARMLESS = 10000  # ms of life after its page was painted
SPELL = 180000
SAFE = 1800000


class Died(BaseException):
    """No except clause of the firmware may stop this."""


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    """A reader of pages that falls for some words in them."""
    real = import_module("phone.wire.page").PageReader.feed

    def feed(self, view):
        for word, error in ((SPIN, Died), (TOO_MUCH, MemoryError), (BROKEN, ValueError)):
            if word in bytes(view):
                raise error
        real(self, view)

    monkeypatch.setattr("phone.wire.page.PageReader.feed", feed)


def bad(word):
    return menu("Bad " + word.decode(), ("x", "x.xml"))


def scene(names="AB", **options):
    world = World()
    sites = [world.site(name) for name in names]
    for site in sites:
        site.piece = 1024  # a word is never cut in two
    return (world, *sites, world.phone(*sites, **options))


def dies(phone, act, within=20000):
    """The phone dies of what follows `act`; its watchdog starts it again."""
    with pytest.raises(Died):
        act()
        phone.world.run(within)
    phone.die()
    phone.world.run(8000)  # in which nothing feeds the watchdog
    phone.restart("watchdog")


def crash(phone):
    """The phone ends without a word."""
    phone.restart("reset")


def asked(site):
    return len(site.connects)


def test_a_page_that_stops_the_phone_does_so_once():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    assert phone.screen.title == "Started anew"
    said = " ".join(phone.text().split())
    assert phone.said("It was reading a page from A.")
    assert "The phone starts with B; A is asked last for 5 min." in said
    before = asked(a)
    for _ in range(3):
        phone.press("services")
        phone.wait_for("Services of B", within=1000)
        world.run(3000)
    assert asked(a) == before, "not beside another, not in idle time"


def test_nothing_is_opened_by_itself_after_a_reset():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    sent = b.sent[:]
    world.run(60000)
    assert b.sent == sent and phone.screen.title == "Started anew"
    phone.softkey("Go on")
    phone.wait_for(lambda: phone.screen.kind == "idle")
    assert "B" in phone.text(), phone.text()


def test_a_suspect_is_not_looked_at_before_its_time_and_asked_first_after_it():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    a.pages[MENU] = menu("Services of A", ("x", "x.xml"))
    before, started = asked(a), world.now
    world.run(CHANCE - 1000)
    assert asked(a) == before
    phone.press("services")
    phone.wait_for("Services of B", within=1000)
    world.run(started + CHANCE - world.now)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def test_ten_seconds_of_life_after_its_page_was_painted_clear_it():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    a.pages[MENU] = menu("Services of A", ("x", "x.xml"))
    world.run(CHANCE)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    world.run(HARMLESS - 1000)
    assert not phone.said("did the phone no harm")
    world.run(2000)
    assert phone.said("A page of A did the phone no harm")
    crash(phone)  # hours later, of something else
    assert phone.screen.kind == "idle", "nobody is suspect"
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def test_each_chance_that_it_does_not_take_doubles_the_wait():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    for wait in (CHANCE, 2 * CHANCE, 4 * CHANCE):
        world.run(wait - 10000)
        phone.press("services")
        phone.wait_for("Services of B", within=1000)
        world.run(10000)
        dies(phone, lambda: phone.press("services"))


def test_where_nobody_else_answers_it_is_asked_once_more_and_then_offered():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    b.refuse()
    dies(phone, lambda: phone.press("services"))
    dies(phone, lambda: phone.press("services"))  # somebody waits, and B gives nothing
    before = asked(a)
    phone.press("services")
    phone.wait_for("A may have stopped the phone 2", within=1000)
    assert asked(a) == before
    a.pages[MENU] = menu("Services of A", ("x", "x.xml"))
    phone.softkey("Try A")
    phone.wait_for("Services of A", within=1000)
    world.run(HARMLESS + 1000)
    assert phone.said("A page of A did the phone no harm")


def test_two_servers_that_stop_the_phone_stop_it_once_each():
    world, a, b, c, phone = scene("ABC")
    a.pages[MENU] = b.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    dies(phone, lambda: phone.press("services"))
    for _ in range(3):
        phone.press("services")
        phone.wait_for("Services of C", within=1000)
        world.run(2000)


def test_of_two_that_are_asked_at_once_the_one_is_suspect_whose_bytes_came():
    world, a, b, phone = scene()
    a.late(3000)
    b.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    assert phone.said("It was reading a page from B.")
    a.well()
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def test_a_page_that_stops_the_phone_while_it_is_drawn(monkeypatch):
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    world.run(60000)
    crash(phone)
    assert not phone.said("It was showing"), "a minute later it is not to blame"
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    world.run(HARMLESS - 2000)
    crash(phone)
    assert phone.said("It was showing a page from A.") and phone.said("The phone starts with B")


def test_a_key_on_an_old_page_makes_it_count_again():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    world.run(60000)
    phone.press("down")
    crash(phone)
    assert phone.said("It was showing a page from A.")


def test_the_page_of_a_link_makes_the_pointer_suspect_that_led_to_it():
    world, a, b, phone = scene()
    a.pages[TEXT] = text("News", SPIN.decode())
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    dies(phone, lambda: phone.press("select"))
    phone.press("services")
    phone.wait_for("Services of B", within=1000)


def test_a_probe_can_kill_as_well_and_is_not_made_again(monkeypatch):
    world, a, b, phone = scene()
    real = import_module("phone.wire.http").Response.feed

    def feed(self, view):
        if b"X-Bad" in bytes(view):
            raise Died
        return real(self, view)

    monkeypatch.setattr("phone.wire.http.Response.feed", feed)
    a.headers["X-Bad"] = "1"
    dies(phone, lambda: None, within=60000)
    assert phone.said("It was reading a page from A.")
    before = asked(a)
    world.run(CHANCE - 1000)
    assert asked(a) == before and b.probes


def test_a_reset_that_was_wished_makes_nobody_suspect():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    feed = phone.agent._desk._obey
    phone.agent._desk._obey = lambda intent, now: [events.Restart("as the person wished")]
    phone.press("down")
    world.run(100)
    assert phone.restarts and phone.screen.kind == "idle" and feed
    assert not phone.said("It was showing") and phone.said("before the reset")
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def test_after_a_loss_of_power_nothing_is_believed():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    phone.restart("power")
    assert phone.screen.kind == "idle" and not phone.said("before the reset")


def test_the_last_lines_of_the_account_come_along():
    world, a, b, phone = scene()
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=1000)
    world.run(20000)
    crash(phone)
    lines = [said for _, said in phone.notes if "before the reset" in said]
    assert any("A refused the connection" in line for line in lines), lines
    assert phone.said("The phone had crashed and was started anew.")
    world.run(1000)
    crash(phone)
    assert not [said for _, said in phone.notes if said.count("before the reset") > 1], "one reset, not two"


# --- no room, and mistakes: without a reset ---------------------------------------------------------


@pytest.mark.parametrize("word, said", [(TOO_MUCH, "more memory"), (BROKEN, "could not deal with it")])
def test_a_page_that_cannot_be_dealt_with_is_a_sentence_and_the_backup_is_next(word, said):
    world, a, b, phone = scene(agent=hands)
    a.pages[MENU] = bad(word)
    phone.press("services")
    phone.wait_for(said, within=1000)
    before = asked(a)
    phone.softkey("Again")
    phone.wait_for("Services of B", within=1000)
    world.run(CHANCE - 20000)
    assert asked(a) == before
    a.pages[MENU] = menu("Services of A", ("x", "x.xml"))
    world.run(20000)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def hands(phone, cause):
    """The agent as runtime/loop.py feeds it."""
    return Relieved(real_agent(phone, cause))


class Relieved:
    def __init__(self, agent):
        self.__dict__["_real"] = agent

    def __getattr__(self, name):
        return getattr(self._real, name)

    def feed(self, event, now):
        try:
            return self._real.feed(event, now)
        except MemoryError:
            return self._real.relieve(now)
        except ValueError as error:
            return self._real.relieve(now, False, type(error).__name__)


# --- safe mode -----------------------------------------------------------------------------------------


def to_safe_mode(phone):
    for _ in range(3):
        phone.world.run(5000)
        crash(phone)
    assert phone.screen.title == "Safe mode"


def test_three_bad_ends_within_three_minutes_are_safe_mode():
    world, a, b, phone = scene()
    for _ in range(3):
        assert phone.screen.title != "Safe mode"
        world.run(SPELL // 3)
        crash(phone)
    assert phone.screen.title == "Safe mode", phone.picture()
    said = " ".join(phone.text().split())
    assert "three times within three minutes" in said and phone.said("The phone had crashed")


def test_three_bad_ends_that_lie_apart_are_not():
    world, a, b, phone = scene()
    for _ in range(6):
        world.run(SPELL // 2 + 6000)
        crash(phone)
        assert phone.screen.title != "Safe mode"


def test_safe_mode_asks_nobody_for_anything():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    before = asked(a) + asked(b)
    for key in ("services", "directory", "messages", "information", "back", "down", "soft3", "soft4", "1"):
        phone.press(key)
        world.run(1000)
        assert phone.screen.title == "Safe mode", key
    world.run(SAFE - 60000)
    assert asked(a) + asked(b) == before, "no page and no probe"
    assert not phone.agent._book.pointers and not world.names.asked
    assert "Prober" not in [type(machine).__name__ for machine in phone.agent._machines]


def test_safe_mode_has_its_settings():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    phone.press("settings")
    assert phone.screen.title == "Settings"
    phone.press("back")
    assert phone.screen.title == "Safe mode"
    phone.softkey("Settings")
    assert phone.screen.title == "Settings"
    phone.press("9")
    phone.wait_for("About", within=1000)
    phone.softkey("Exit")
    assert phone.screen.title == "Safe mode"


def test_try_again_is_the_usual_start():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    phone.softkey("Try again")
    world.run(100)
    assert phone.restarts and phone.screen.kind == "idle"
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    crash(phone)
    world.run(1000)
    crash(phone)
    assert phone.screen.title != "Safe mode", "three new ones"


def test_safe_mode_has_nobody_to_lose():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    for page in ("servers", "drill"):
        phone.feed(events.Show(page))
        assert "Safe mode: no server is asked." in phone.text().replace("\n", " "), page
    phone.press("back")
    assert phone.screen.title == "Safe mode"


def test_a_phone_that_is_left_alone_leaves_safe_mode_later_each_time():
    world, a, b, phone = scene()
    for wait in (SAFE, 2 * SAFE, 4 * SAFE):
        to_safe_mode(phone)
        world.run(wait - 1000)
        assert phone.screen.title == "Safe mode"
        world.run(2000)
        assert phone.screen.kind == "idle"


def test_a_phone_in_use_stays_in_safe_mode():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    world.run(SAFE - 1000)
    phone.press("settings")
    world.run(60000)
    assert phone.screen.title == "Settings"
    world.run(300000)
    assert phone.screen.kind == "idle"


def test_a_bad_end_in_safe_mode_is_safe_mode_again():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    world.run(SPELL + 60000)
    crash(phone)
    assert phone.screen.title == "Safe mode"
    world.run(1000)
    phone.softkey("Try again")
    world.run(100)
    assert phone.screen.kind == "idle"


def test_a_loss_of_power_ends_safe_mode():
    world, a, b, phone = scene()
    to_safe_mode(phone)
    phone.restart("power")
    assert phone.screen.kind == "idle"


def test_whom_the_phone_is_wary_of_is_not_forgotten_in_safe_mode():
    world, a, b, c, phone = scene("ABC")
    a.pages[MENU] = b.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    dies(phone, lambda: phone.press("services"))
    crash(phone)
    assert phone.screen.title == "Safe mode"
    phone.softkey("Try again")
    world.run(1000)
    phone.press("services")
    phone.wait_for("Services of C", within=1000)


def test_the_small_display_says_it_too():
    world, a, b, phone = scene(display=(128, 64, 2))
    to_safe_mode(phone)
    assert phone.screen.softkeys[:2] == ("Try again", "Settings")


def german(world, *sites):
    return world.phone(*sites, config={**homes(*sites), "language": "de"})


def test_the_notice_and_safe_mode_speak_the_language_of_the_phone():
    world = World()
    a, b = world.site("A"), world.site("B")
    phone = german(world, a, b)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    crash(phone)
    world.run(100)
    assert phone.screen.title == "Neu gestartet" and phone.screen.softkeys[0] == "Weiter"
    for _ in range(2):
        crash(phone)
        world.run(100)
    assert phone.screen.title == "Abgesicherter Modus" and phone.screen.softkeys[0] == "Neu versuchen"
    assert "dreimal" in phone.text()


# --- the store -----------------------------------------------------------------------------------------


def test_a_suspect_outlives_a_loss_of_power():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    world.run(5000)
    phone.restart("power")
    world.run(100)
    phone.press("services")
    phone.wait_for("Services of B", within=1000)
    world.run(CHANCE)
    a.pages[MENU] = menu("Services of A", ("x", "x.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=1000)
    world.run(HARMLESS + 5000)
    phone.restart("power")
    world.run(100)
    phone.press("services")
    phone.wait_for("Services of A", within=1000)


def test_without_a_store_a_reset_still_knows_who_it_was():
    world, a, b, c, phone = scene("ABC")
    phone.flash_why = events.READ_ONLY
    a.pages[MENU] = b.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    dies(phone, lambda: phone.press("services"))
    phone.press("services")
    phone.wait_for("Services of C", within=1000)


def test_safe_mode_reads_and_writes_nothing_of_the_store():
    world, a, b, phone = scene()
    world.run(5000)
    to_safe_mode(phone)
    phone.flash.clear()
    before = len(phone.saves)
    phone.settings("Brightness")
    phone.press("1")
    world.run(10000)
    phone.settings("Restart")
    world.run(1000)
    phone.softkey("Restart")
    world.run(100)
    assert phone.restarts and len(phone.saves) == before and not phone._loads
    assert phone.screen.kind == "idle", "a wish ends safe mode"


def test_a_drill_leaves_suspects_alone():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    before = asked(a)
    phone.settings("Drill")
    phone.wait_for("All is as before.", within=30000)
    assert asked(a) == before


def test_the_why_page_names_suspects():
    world, a, b, phone = scene()
    a.pages[MENU] = bad(SPIN)
    dies(phone, lambda: phone.press("services"))
    phone.settings("Servers")
    said = " ".join(phone.text().split())
    assert "Why: A may have stopped the phone." in said, said


# --- copies of pages -----------------------------------------------------------------------------------


def died_of_a(times=1):
    """A's page was kept, and stopped the phone while it was on screen."""
    world, a, b, phone = scene()
    for time in range(times):
        world.run(CHANCE << time)
        phone.press("services")
        phone.wait_for("Services of A", within=1000)
        world.run(HARMLESS - 2000)  # its copy is on the flash by now
        crash(phone)
        world.run(1000)
    assert any(name.startswith("page.services") for name in phone.flash)
    return world, a, b, phone


def shown(phone, since):
    return [line for line in phone.world.log[since:] if "phone shows: " in line]


def test_a_copy_of_a_suspects_page_is_not_shown_before_another_server_answers():
    world, a, b, phone = died_of_a()
    b.late(1000)
    since = len(world.log)
    phone.press("services")
    phone.wait_for("Services of B", within=3000)
    assert not [line for line in shown(phone, since) if "Services of A" in line]


def test_where_nobody_answers_it_is_shown_as_its_server_would_be_asked():
    world, a, b, phone = died_of_a()
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for("Services of A", within=3000)
    assert phone.screen.mark == "\u2715"
    world, a, b, phone = died_of_a(2)
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for("A may have stopped the phone 2", within=3000)
    assert phone.screen.kind == "text"


def test_a_copy_that_is_shown_clears_nobody():
    world, a, b, phone = died_of_a()
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for("Services of A", within=3000)
    world.run(3 * HARMLESS)
    assert not phone.said("did the phone no harm")
    a.well()
    b.well()
    world.run(60000)
    phone.press("services")
    phone.wait_for("Services of B", within=1000)
