"""A form on a real phone with the heap of a small board: typed on the keypad, sent, and still there after."""

import pytest

from host_tools.panel import Panel
from host_tools.phone import SMALL_DISPLAY, SMALL_HEAP, PhoneProcess
from host_tools.world import World

TIMERS = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 1500, "patience_ms": 6000, "rest_ms": 800}
FIELD = """<InputItem><DisplayName>%s</DisplayName><QueryStringParam>%s</QueryStringParam>
<InputFlags>%s</InputFlags><DefaultValue>%s</DefaultValue></InputItem>"""
FIELDS = (("Name", "n", "A", ""), ("Ward", "w", "N", "3"), ("Call", "t", "T", "*21#"), ("Code", "u", "U", ""),
          ("PIN", "pin", "AP", ""))


@pytest.fixture(scope="module", params=[(SMALL_HEAP, None), (SMALL_HEAP, SMALL_DISPLAY)], ids=str)
def panel(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("forms")
    fields = "".join(FIELD % field for field in FIELDS)
    page = "<CiscoIPPhoneInput><Title>Order</Title><URL>done.xml</URL>%s</CiscoIPPhoneInput>"
    (folder / "menu.xml").write_text(page % fields)
    done = "<CiscoIPPhoneText><Title>Done</Title><Text>Thank you.</Text></CiscoIPPhoneText>"
    (folder / "done.xml").write_text(done)
    heap, display = request.param
    with (
        World([folder], first_port=8221) as world,
        PhoneProcess(world.configuration(TIMERS), heap=heap, display=display) as phone,
    ):
        with Panel.connect(*phone.address) as link:
            link.world = world
            yield link
        assert phone.starts == 1, "the phone was started anew:\n" + "\n".join(phone.lines)


def standing(panel):
    return [row["aside"] for row in panel.screen["rows"]]


def test_a_form_is_typed_and_sent(panel):
    panel.press("services")
    panel.wait(lambda s: s["kind"] == "form" and not s["busy"], 8, "the form")
    assert panel.screen["total"] == 5 and standing(panel) == ["", "3", "*21#", "", ""]
    for key in ("5", "5", "right", "5", "right"):
        panel.press(key)
    panel.wait(lambda s: standing(panel)[0] == "kj", 2, "two letters of one key")
    for key in ("down", "7", "down", "1", "down", "2", "2", "down", "6", "6"):
        panel.press(key)
    screen = panel.wait(lambda s: s["extra"]["letters"][:3] == "mno", 2, "the letters of the key")
    assert screen["selected"] == 4 and screen["rows"][4]["aside"] == "n" and screen["extra"]["mode"] == "abc"
    panel.wait(lambda s: standing(panel)[4] == "*", 3, "a letter that is hidden after a moment")
    assert standing(panel) == ["kj", "37", "*21#1", "B", "*"]
    panel.press("select")
    panel.wait(lambda s: s["title"] == "Done" and not s["busy"], 8, "the answer")
    panel.press("back")
    panel.wait(lambda s: standing(panel) == ["kj", "37", "*21#1", "B", "*"], 2, "the form as it was")


def test_the_network_of_the_form_is_gone_and_it_is_still_there(panel):
    panel.press("services")
    panel.wait(lambda s: s["kind"] == "form" and not s["busy"] and standing(panel)[0] == "", 8, "the form")
    for key in ("5", "5", "right", "5", "right"):
        panel.press(key)
    panel.wait(lambda s: standing(panel)[0] == "kj", 2, "two letters of one key")
    for server in panel.world.servers.values():
        server.stop()
    panel.press("soft1")
    panel.wait(lambda s: s["kind"] == "text" and not s["busy"], 8, "a sentence")
    panel.press("back")
    panel.wait(lambda s: s["kind"] == "form" and standing(panel)[0] == "kj", 2, "the form as it was")
    for server in panel.world.servers.values():
        server.start()
    panel.press("soft1")
    panel.wait(lambda s: s["title"] == "Done" and not s["busy"], 8, "the answer")
