"""HTTP as a real phone speaks it to a site of the world (host_tools/manners.py), also with a small heap."""

import pytest

from host_tools.panel import Panel
from host_tools.phone import HEAP, SMALL_DISPLAY, SMALL_HEAP, PhoneProcess
from host_tools.world import World

MENU = ("<CiscoIPPhoneMenu><MenuItem><Name>HTTP</Name><URL>/phone/menu.xml</URL></MenuItem>"
        "</CiscoIPPhoneMenu>")
# A question and a form take more than a small board has left beside its pages.
ROOMY = pytest.mark.parametrize("panel", [(HEAP, None)], ids=str, indirect=True, scope="module")
SENDS, MOVED, COOKIE, BASIC, DIGEST, FORM, DEVICE = "1234567"


@pytest.fixture(scope="module", params=[(HEAP, None), (SMALL_HEAP, SMALL_DISPLAY)], ids=str)
def panel(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("manners")
    (folder / "menu.xml").write_text(MENU)
    heap, display = request.param
    with (
        World([folder], first_port=8231) as world,
        PhoneProcess(world.configuration({}), heap=heap, display=display) as phone,
    ):
        with Panel.connect(*phone.address) as link:
            link.world = world
            yield link
        assert phone.starts == 1, "the phone was started anew:\n" + "\n".join(phone.lines)


def says(panel, words, seconds=8):
    """Wait until it is on the screen; all that is."""
    def holds(screen):
        return not screen["busy"] and words in shown(screen)

    return shown(panel.wait(holds, seconds, words))


def shown(screen):
    return " ".join([screen["title"], *[row["text"] for row in screen["rows"]], screen["prompt"]])


def at(panel, item):
    """Open an item of the site's menu."""
    panel.press("services")
    says(panel, "HTTP")
    panel.press("1")
    says(panel, "What the phone")
    panel.press(item)


def test_a_real_header_is_sent(panel):
    at(panel, SENDS)
    assert "GET /phone/request.xml" in says(panel, "GET /phone/")
    site = panel.world["A"]
    services = [one["request"] for one in site.requests if one["request"].startswith("/menu.xml?")]
    assert services and services[0].startswith("/menu.xml?name=SEP") and "&locale=English_" in services[0]


def test_a_redirect_is_followed(panel):
    at(panel, MOVED)
    says(panel, "GET /phone/request.xml")


def test_a_cookie_comes_back(panel):
    at(panel, COOKIE)
    says(panel, "Visit 1 ")
    panel.press("back")
    panel.wait(lambda s: s["kind"] == "menu", 4, "the menu")
    panel.press(COOKIE)
    says(panel, "Visit 2 ")


def test_blanks_are_filled_in(panel):
    at(panel, DEVICE)
    says(panel, "/phone/device.xml")
    asked = panel.world["A"].requests[-1]["request"]
    assert asked.startswith("/phone/device.xml?name=SEP") and "%23" not in asked


@ROOMY
@pytest.mark.parametrize("item", [BASIC, DIGEST])
def test_a_password_is_typed(panel, item):
    at(panel, item)
    panel.wait(lambda s: s["kind"] == "form" and not s["busy"], 8, "the question")
    for key in ("9", "2", "7", "7", "7", "3", "down", "#", "#", "1", "2", "3", "4"):
        panel.press(key)
    panel.wait(lambda s: [row["aside"] for row in s["rows"]] == ["ward", "****"], 4, "what was typed")
    panel.press("select")
    says(panel, "The password was right")
    panel.press("back")
    panel.wait(lambda s: s["kind"] == "menu", 4, "the menu")
    panel.press(item)
    says(panel, "The password was right")


@ROOMY
def test_a_form_is_posted(panel):
    at(panel, FORM)
    panel.wait(lambda s: s["kind"] == "form" and not s["busy"], 8, "the form")
    for key in ("2", "down", "1", "2", "down", "9", "select"):
        panel.press(key)
    says(panel, "dish=a&table=12&pin=9")
