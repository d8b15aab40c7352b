"""The heap of a stock ESP32: what fits is shown, what does not is a sentence, and the phone goes on."""

import pytest

from host_tools.panel import Panel
from host_tools.phone import SMALL_DISPLAY, SMALL_HEAP, SMALLEST_HEAP, PhoneProcess
from host_tools.world import World

TIMERS = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 4000, "patience_ms": 6000, "rest_ms": 800}


def menu(title, items):
    rows = "".join(f"<MenuItem><Name>{name}</Name><URL>{url}</URL></MenuItem>" for name, url in items)
    return f"<CiscoIPPhoneMenu><Title>{title}</Title>{rows}</CiscoIPPhoneMenu>"


def text(title, body):
    return f"<CiscoIPPhoneText><Title>{title}</Title><Text>{body}</Text></CiscoIPPhoneText>"


@pytest.fixture(scope="module")
def heavy(tmp_path_factory):
    """Pages up to the limits of the vocabulary, and beyond."""
    folder = tmp_path_factory.mktemp("heavy")
    (folder / "menu.xml").write_text(
        menu(
            "Start",
            [
                ("Long list", "long.xml"),
                ("Heavy list", "heavy.xml"),
                ("Book", "book.xml"),
                ("Tiny", "tiny.xml"),
                ("Latin", "latin.xml"),
            ],
        )
    )
    (folder / "long.xml").write_text(menu("Long", [(f"Item {n}", f"{n}.xml") for n in range(100)]))
    heavy = [("N" * 64, "http://10.0.0.1/" + "u" * 900 + str(n)) for n in range(100)]
    (folder / "heavy.xml").write_text(menu("Heavy", heavy))
    (folder / "book.xml").write_text(text("Book", "Слово за словом, строка за строкой.\n" * 400))
    (folder / "latin.xml").write_text(text("Latin", "Word for word, line for line, page for.\n" * 400))
    (folder / "tiny.xml").write_text(text("Tiny", "It goes on."))
    return folder


@pytest.fixture(scope="module", params=[(SMALL_HEAP, None), (SMALLEST_HEAP, SMALL_DISPLAY)], ids=str)
def panel(heavy, request):
    heap, display = request.param
    with (
        World([heavy], first_port=8141) as world,
        PhoneProcess(world.configuration(TIMERS), heap=heap, display=display) as phone,
    ):
        with Panel.connect(*phone.address) as link:
            yield link
        assert phone.starts == 1, "the phone was started anew:\n" + "\n".join(phone.lines)


def opened(panel, digit):
    panel.press("services")
    panel.wait(lambda s: s["title"] == "Start" and not s["busy"], 8, "the start page")
    panel.press(digit)
    panel.wait(lambda s: not s["busy"] and (s["title"] != "Start" or refused(s)), 8, "a page or a sentence")
    return panel.screen


def refused(screen):
    return "needs more memory than the phone has" in " ".join(row["text"] for row in screen["rows"])


def test_a_hundred_items_are_shown(panel):
    screen = opened(panel, "1")
    assert screen["title"] == "Long" and screen["total"] == 100
    panel.press("right")
    assert panel.settle()["first"] > 0


def test_the_longest_text_is_shown(panel):
    screen = opened(panel, "5")
    assert screen["title"] == "Latin" and screen["total"] > 100


def test_the_same_in_letters_of_two_bytes_is_shown_or_refused_in_words(panel):
    screen = opened(panel, "3")
    panel.settle()
    assert refused(panel.screen) or screen["title"] == "Book" and screen["total"] > 100, screen


def test_what_cannot_fit_is_a_sentence_and_the_phone_goes_on(panel):
    screen = opened(panel, "2")
    assert refused(screen) or screen["title"] == "Heavy", screen
    assert "Tiny" in [opened(panel, "4")["title"] for _ in range(3)]


def test_again_and_again(panel):
    for _ in range(6):
        for digit in "1234":
            opened(panel, digit)
    # Even where the menu itself found no room just now, the next key finds some.
    assert "Tiny" in [opened(panel, "4")["title"] for _ in range(3)]
