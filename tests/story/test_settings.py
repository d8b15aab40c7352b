"""The settings: which language the phone speaks, how bright it is, and a new start that is asked for."""

import pytest

from tests.story.sites import menu, text
from tests.story.test_walk import NEAR, PACE_MAX
from tests.story.world import World, homes

NOTICE = 9000  # a notice has gone
DISPLAYS = ((320, 240, 4), (128, 64, 2))
IDLE = {
    "en": ("Services", "Directory", "Messages", "Settings"),
    "de": ("Dienste", "Kontakte", "Nachrichten", "Einstellungen"),
    "fr": ("Services", "Annuaire", "Messages", "Réglages"),
    "es": ("Servicios", "Directorio", "Mensajes", "Ajustes"),
}


def scene(language=None, **options):
    """A phone at two sites, with this `language` in its configuration."""
    world = World(seed=1)
    a, b = world.site("A"), world.site("B")
    raw = homes(a, b)
    if language:
        raw["language"] = language
    return world, a, b, world.phone(config=raw, **options)


def chosen(phone):
    """Text of the selected row."""
    return phone.screen.rows[phone.screen.selected - phone.screen.first].text


@pytest.mark.parametrize("language", IDLE)
def test_the_configuration_names_the_language(language):
    world, a, b, phone = scene(language)
    assert phone.screen.softkeys == IDLE[language]
    assert phone.said("The phone was switched on."), "the account stays English"


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_language_that_is_chosen_is_spoken_at_once(display):
    world, a, b, phone = scene(display=display)
    phone.settings("Language")
    assert chosen(phone) == "English \u2022" and phone.screen.title == "Language"
    phone.press("2")
    assert chosen(phone) == "Deutsch \u2022" and phone.screen.title == "Sprache (Language)"
    assert phone.screen.softkeys[2] == "Zurück"
    phone.press("back")
    assert phone.screen.title == "Einstellungen" and chosen(phone) == "Sprache (Language)"
    phone.press("back", "services")
    phone.wait_for("Services of A", within=NEAR)
    assert phone.screen.softkeys[2] == "Zurück", "the phone's own softkeys, on a server's page"
    a.refuse(), b.refuse()
    phone.press("services")
    phone.wait_for("hat die Verbindung", within=NEAR)
    assert phone.said("B refused the connection"), "the account stays English"


def test_the_language_of_another_can_be_found_from_each():
    for language in IDLE:
        world, a, b, phone = scene(language)
        phone.press("settings")
        rows = []
        for _ in range(12):
            rows.append(chosen(phone))
            phone.press("down")
        assert any("Language" in row for row in rows), rows


def test_times_and_numbers_are_written_as_the_language_does():
    world, a, b, phone = scene("de")
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("back")
    assert phone.screen.rows[0].text == "Montag, 21. September", "as the Date of an answer said"
    a.silent()
    b.silent()
    phone.press("services")
    world.run(PACE_MAX * 4)
    assert "2,5\u00a0s." in phone.text() and "2.5" not in phone.text(), phone.text()
    assert phone.said("2.5 s"), "the account is English"


def test_what_cannot_be_shown_is_said_in_the_language():
    world, a, b, phone = scene("es")
    a.pages["/menu.xml"] = b"<html><body>Hello</body></html>"
    phone.press("services")
    phone.wait_for("(HTML). Este", within=NEAR)
    a.pages["/menu.xml"] = b"<CiscoIPPhoneRingList><Ring/></CiscoIPPhoneRingList>"
    phone.press("services")
    phone.wait_for("<CiscoIPPhoneRingList>", within=NEAR)
    assert "No es una página para" in phone.text()


def test_what_was_not_finished_is_said_in_the_language():
    world, a, b, phone = scene("fr")
    a.silent()
    phone.press("services")
    assert phone.screen.prompt == "Demande à A..." and phone.screen.softkeys[3] == "Annuler"
    phone.press("soft4")
    assert phone.screen.prompt == "Annulé."


def test_brightness_changes_at_once_and_the_choice_is_marked():
    world, a, b, phone = scene()
    assert phone.light is None, "nobody chose: the display has its own"
    phone.settings("Brightness")
    assert chosen(phone) == "100% \u2022"
    phone.press("3")
    world.run(1000)  # "3" and no second digit
    assert phone.light is None or phone.light == 30
    assert phone.light == 30 and chosen(phone) == "30% \u2022"
    phone.press("down", "select")
    assert phone.light == 40 and chosen(phone) == "40% \u2022"
    phone.press("back")
    assert phone.screen.title == "Settings" and chosen(phone) == "Brightness"
    phone.press("back")
    assert phone.screen.kind == "idle"


def test_what_was_chosen_outlives_a_power_cut():
    world, a, b, phone = scene("fr")
    phone.settings("Luminosité")
    phone.press("3")
    world.run(5000)
    phone.settings("Langue (Language)")
    phone.press("4")
    world.run(5000)
    phone.restart("power")
    world.run(100)
    assert phone.light == 30 and phone.screen.softkeys == IDLE["es"]


def test_what_is_wrong_with_the_storage_is_said_in_the_language():
    world, a, b, phone = scene()
    phone.flash_why = "full"
    phone.settings("Brightness")
    phone.press("5")
    world.run(60000)
    phone.press("soft2")
    world.run(NOTICE)
    assert "storage" in phone.text(), phone.picture()
    phone.settings("Language")
    phone.press("2", "soft2")
    world.run(NOTICE)
    assert "Speicher" in phone.text() and "storage" not in phone.text(), phone.picture()


def test_restart_asks_first():
    world, a, b, phone = scene()
    phone.settings("Restart")
    assert "Start the phone anew?" in phone.text()
    phone.press("select", "1", "soft2", "soft3")
    world.run(5000)
    assert not phone.restarts, "nothing but its own softkey means it"
    phone.softkey("Back")
    assert not phone.restarts and phone.screen.title == "Settings"
    phone.settings("Brightness")
    phone.press("2")
    phone.settings("Restart")
    phone.softkey("Restart")
    world.run(3000)
    assert phone.light == 20, "what was chosen a moment before is not lost"
    assert [why for _, why in phone.restarts] == ["settings"]
    assert phone.said("The phone was started anew.")


def test_the_network_page_tells_where_the_phone_is():
    world, a, b, phone = scene()
    phone.settings("Network")
    for words in ("10.0.0.100", "10.0.0.53", "Connected by cable."):
        assert words in phone.text(), phone.text()
    for bars, word in enumerate(("none", "weak", "fair", "good", "very good")):
        phone.network(True, bars)
        phone.softkey("Update")
        assert "Wi-Fi signal: %s (%d of 4)" % (word, bars) in phone.text().replace("\n", " ")
    notes = len(phone.notes)
    phone.network(True, 1)
    phone.network(True, 2)
    assert len(phone.notes) == notes, "a signal that comes and goes is no event"
    phone.network(False)
    phone.softkey("Update")
    assert "no network" in phone.text()


def test_name_servers_of_the_configuration_are_named():
    world = World(seed=1)
    raw = homes(world.site("A"))
    raw["dns"] = {"servers": ["10.0.0.53", "10.0.0.54:5353"]}
    phone = world.phone(config=raw)
    phone.settings("Network")
    assert "as configured: 10.0.0.53, 10.0.0.54:5353" in phone.text().replace("\n", " ")


@pytest.mark.parametrize("link", ["restart/now", "brightness/10", "language/de", "settings", "restart"])
def test_a_page_from_the_network_cannot_do_what_the_settings_do(link):
    world, a, b, phone = scene()
    a.pages["/menu.xml"] = menu("Menu of A", ("Do it", link))
    a.pages["/" + link] = text("Harmless", "A page.")
    phone.press("services")
    phone.wait_for("Menu of A", within=NEAR)
    phone.press("1")
    phone.wait_for("Harmless", within=NEAR)
    world.run(1000)
    assert not phone.restarts and phone.light is None and phone.screen.softkeys[0] == "Exit"
