"""What ships does what its pages' links, softkeys and keys say: directories, numbers, tones, darkness."""

import pytest

from host_tools.panel import Panel
from host_tools.phone import SMALL_DISPLAY, PhoneProcess
from host_tools.world import World

KEY = "<SoftKeyItem><Name>%s</Name><Position>%d</Position><URL>%s</URL></SoftKeyItem>"
ITEM = "<MenuItem><Name>%s</Name><URL>%s</URL></MenuItem>"
ENTRY = "<DirectoryEntry><Name>%s</Name><Telephone>%s</Telephone></DirectoryEntry>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    items = (("People", "people.xml"), ("Two\rlines", "Dial:4711"), ("Half", "QueryStringParam:x=1"))
    keys = (("Go", 1, "people.xml"), ("Ring", 2, "Play:a.raw"), ("Dark", 3, "Display:Off"),
            ("Nothing", 4, "RTPRx:x"))  # fmt: skip
    traps = "<KeyItem><Key>KeyPadStar</Key><URL>SoftKey:Exit</URL></KeyItem>"
    inner = "".join(ITEM % item for item in items) + "".join(KEY % key for key in keys) + traps
    (folder / "menu.xml").write_text("<CiscoIPPhoneMenu><Title>Start</Title>%s</CiscoIPPhoneMenu>" % inner)
    entries = "".join(ENTRY % pair for pair in (("Ada", "101"), ("Grace", "102")))
    whole = "<CiscoIPPhoneDirectory><Title>People</Title>%s</CiscoIPPhoneDirectory>"
    (folder / "people.xml").write_text(whole % entries)
    return folder


@pytest.fixture(scope="module", params=[None, SMALL_DISPLAY], ids=str)
def panel(pages, request):
    with (
        World([pages], first_port=8721) as world,
        PhoneProcess(world.configuration(), display=request.param) as phone,
    ):
        with Panel.connect(*phone.address) as link:
            yield link
        assert phone.starts == 1, "the phone was started anew:\n" + "\n".join(phone.lines)


def start(panel):
    panel.press("services")
    panel.wait(lambda s: s["title"] == "Start" and not s["busy"], 8, "the start page")


def titled(panel, title):
    panel.wait(lambda s: s["title"] == title, 4, title)


def test_a_directory(panel):
    start(panel)
    panel.press("soft1")
    titled(panel, "People")
    assert [(row["text"], row["aside"]) for row in panel.screen["rows"]] == [("Ada", "101"), ("Grace", "102")]
    panel.press("2")
    titled(panel, "Call 102")
    panel.press("back")
    titled(panel, "People")
    panel.press("soft2")
    panel.wait(lambda s: s["kind"] == "form", 4, "the editor")
    panel.press("soft1")
    titled(panel, "Call 102")


def test_names_of_two_lines_and_half_an_address(panel):
    start(panel)
    rows = [(row["n"], row["text"]) for row in panel.screen["rows"]]
    assert rows[:3] == [(1, "People"), (2, "Two"), (0, "lines")]
    panel.press("2")
    titled(panel, "Call 4711")
    panel.press("back")
    panel.press("3")
    panel.wait(lambda s: "It belongs to a softkey." in s["prompt"], 4, "a sentence")
    panel.press("soft1")  # with it
    titled(panel, "People")


def test_tone_darkness_and_a_key_of_the_page(panel):
    start(panel)
    panel.press("soft2")
    panel.press("soft4")
    panel.wait(lambda s: "What follows its colon is wrong." in s["prompt"], 4, "a sentence")
    assert list(panel.tones)[-1] == "alert"
    panel.press("soft3")
    panel.settle()
    assert panel.light == 0
    panel.press("*")
    panel.wait(lambda s: s["kind"] == "idle", 4, "the idle screen")
