"""Every kind of page of the little intranet, opened by keys on a phone that fetches it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from host_tools.panel import Panel
from host_tools.phone import PhoneProcess
from host_tools.world import World

KINDS = Path(__file__).parents[2] / "host_tools" / "intranet" / "kinds"
# What the screen is called, and some words on it, by the file of the item.
SHOWN = {
    "input.xml": ("form", "Order a meal"), "directory.xml": ("menu", "Staff"),
    "pages1.xml": ("menu", "Staff"),
    "image.xml": ("picture", "Meals this week"), "imagefile.xml": ("picture", "Floor 0"),
    "graphicmenu.xml": ("picture", "Where to?"), "graphicfilemenu.xml": ("picture", "Floor 0"),
    "iconmenu.xml": ("menu", "At the bedside"), "iconfilemenu.xml": ("menu", "Built-in icons"),
    "text.xml": ("text", "Letters"), "keys.xml": ("text", "Keys of its own"),
    "status.xml": ("menu", "Every kind of page"), "execute.xml": ("text", "Letters"),
    "error.xml": ("text", "Error 4"), "yealink.xml": ("menu", "Made for another phone"),
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    with World(first_port=8191) as made:
        yield made


def test_each_item_of_the_menu_of_kinds_is_shown(world):
    urls = [url.text for url in ElementTree.parse(KINDS / "menu.xml").iter("URL")]
    assert set(SHOWN) <= set(urls)
    with PhoneProcess(world.configuration()) as phone, Panel.connect(*phone.address) as panel:
        for number, url in enumerate(urls, 1):
            if url not in SHOWN:  # what the site itself answers has tests of its own
                continue
            panel.press("information")
            panel.settle()
            panel.press("6")
            panel.wait(lambda screen: screen["title"] == "Every kind of page" and not screen["busy"])
            for digit in "%02d" % number if number > 1 else "1":
                panel.press(digit)
            kind, title = SHOWN[url]
            panel.wait(lambda screen, kind=kind, title=title: (
                screen["kind"] == kind and screen["title"] == title and not screen["busy"]), what=url)
        assert phone.starts == 1 and not any("Traceback" in line for line in phone.lines)
