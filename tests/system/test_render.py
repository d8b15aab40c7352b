"""What `everline render` draws is what a phone draws that fetched the page, but for the bar on top."""

import time
from pathlib import Path

import pytest
from PIL import ImageChops

from host_tools.panel import Panel
from host_tools.phone import PhoneProcess
from host_tools.render import Renderer
from host_tools.world import World

PAGES = Path(__file__).parents[2] / "host_tools" / "intranet" / "kinds"
BAR = 22  # rows of the status bar of 320x240 (ui/colour.py)
PICTURE_SECONDS = 5  # a picture comes after its page
FOUR = {"services": "menu", "directory": "graphicfilemenu", "messages": "directory", "information": "text"}


@pytest.fixture(scope="module")
def world():
    with World([PAGES], first_port=8181) as made:
        yield made


def differs(one, other):
    return ImageChops.difference(one, other).getbbox()


def test_the_same_pixels_as_a_phone(world):
    configuration = world.configuration()
    url = world["A"].url
    pointers = {service: "%s%s.xml" % (url, page) for service, page in FOUR.items()}
    configuration["homes"] = [{"name": "A", "pointers": pointers}]
    with (
        PhoneProcess(configuration) as phone,
        Panel.connect(*phone.address) as panel,
        Renderer() as renderer,
    ):
        for service, page in FOUR.items():
            panel.press(service)
            panel.settle()
            result, drawn = renderer.render(pointers[service])
            assert result["error"] is None and result["object"], page
            area = (0, BAR, drawn.width, drawn.height)
            late = time.monotonic() + PICTURE_SECONDS
            while differs(panel.image().crop(area), drawn.crop(area)) and time.monotonic() < late:
                time.sleep(0.1)
                panel.settle()
            assert not differs(panel.image().crop(area), drawn.crop(area)), page
