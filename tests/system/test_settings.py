"""The settings on a real phone: languages come from files of the build, choices outlive a new start."""

import time

import pytest

from host_tools.panel import Panel
from host_tools.problem import Problem

GERMAN = ["Dienste", "Kontakte", "Nachrichten", "Einstellungen"]
SPANISH = ["Servicios", "Directorio", "Mensajes", "Ajustes"]


def rows(ward):
    return [row["text"] for row in ward.panel.screen["rows"]]


def choose(ward, name):
    """Go down to that row and select it."""
    for _ in range(12):
        screen = ward.panel.screen
        if screen["rows"][screen["selected"] - screen["first"]]["text"] == name:
            ward.press("select")
            return
        ward.press("down")
    raise AssertionError("there is no %r in %r" % (name, rows(ward)))


def connected(ward):
    """A panel of the phone that is starting."""
    for _ in range(50):
        try:
            return Panel.connect(*ward.phone.address)
        except Problem:
            time.sleep(0.1)
    raise AssertionError("the phone did not come back")


@pytest.mark.parametrize("display", ["320x240", "128x64"])
def test_each_language_of_the_build_is_spoken_at_once(start, display):
    ward = start(display=display)
    ward.press("settings")
    choose(ward, "Language")
    for key, title in ("2", "Sprache (Language)"), ("3", "Langue (Language)"), ("4", "Idioma (Language)"):
        ward.press(key)
        ward.panel.wait(lambda s, title=title: s["title"] == title, 2, title)
    ward.press("1")
    ward.panel.wait(lambda s: s["title"] == "Language", 2, "English again")
    assert "Select" in ward.panel.screen["softkeys"]


def german(world):
    return {**world.configuration(), "language": "de"}


def test_the_configured_language_and_the_brightness(start, world):
    ward = start(config=german(world))
    ward.panel.wait(lambda s: s["softkeys"] == GERMAN, 3, "German softkeys")
    ward.press("settings")
    choose(ward, "Helligkeit")
    ward.press("4")
    ward.panel.wait(lambda s: s["rows"][3]["text"] == "40\u00a0% \u2022" and s["selected"] == 3, 3, "it")
    assert ward.panel.light == 40


def test_choices_outlive_a_new_start_that_was_asked_for(start, world):
    ward = start(config=german(world))
    ward.press("settings")
    choose(ward, "Helligkeit")
    ward.press("6", "settings")
    choose(ward, "Sprache (Language)")
    ward.press("4", "settings")
    choose(ward, "Reiniciar")
    ward.panel.wait(lambda s: s["softkeys"][0] == "Reiniciar", 2, "the question")
    assert ward.phone.starts == 1
    ward.panel.tap("soft1")
    late = time.monotonic() + 10
    while ward.phone.starts < 2 and time.monotonic() < late:
        time.sleep(0.05)
    with connected(ward) as panel:
        panel.wait(lambda s: s["softkeys"] == SPANISH, 5, "Spanish softkeys")
        assert panel.light == 60
