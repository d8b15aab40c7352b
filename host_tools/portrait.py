"""Draw docs/phone.png, the picture of the README: `python -m host_tools.portrait [FILE]`.

A real phone, real servers and the real page in a browser: A is frozen, the services key is
pressed, and the page comes from B. CHROMIUM=path names the browser.
"""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, expect, sync_playwright

from host_tools.phone import build_folder
from host_tools.problem import Problem
from host_tools.run import Run

PICTURE = Path(__file__).parents[1] / "docs" / "phone.png"
# The size of a window; drawn with twice as many dots, so that letters are sharp on any display.
WINDOW = {"width": 1440, "height": 880}
DOTS = 2
# A README that opens slowly is not read. A palette is enough for a grey phone on a grey desk.
BYTES_MAX = 300 * 1000
COLOURS = 256
WALK_MS = 10_000
# The account says how long ago a thing was; a moment lets the sentences settle.
MOMENT_MS = 700
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def scene(url: str, browser: str) -> bytes:
    """Play the scene on the page at `url`; return the window as PNG."""
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = window.new_page(viewport=WINDOW, device_scale_factor=DOTS, color_scheme="light")
        page.goto(url)
        words = page.locator("#screen-text")
        page.locator('[data-key="services"]').click()
        expect(words).to_contain_text("Served by A", timeout=WALK_MS)
        page.locator('[data-key="soft2"]').click()
        page.locator('[data-server="A"] [data-action="freeze"]').click()
        page.locator('[data-server="A"][data-state="frozen"]').wait_for(timeout=WALK_MS)
        page.locator('[data-key="services"]').click()
        expect(words).to_contain_text("From B", timeout=WALK_MS)
        page.mouse.move(1, 1)
        page.wait_for_timeout(MOMENT_MS)
        picture = page.screenshot()
        window.close()
    return picture


def draw(file: Path) -> int:
    """Write the picture to `file`; return its size in bytes. Problem where it does not come about."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Problem("There is no Chromium here: sudo apt install chromium")
    build_folder()
    everything = Run()
    try:
        everything.start(live=True)
        picture = scene(everything.page.url, browser)
    except (Error, AssertionError) as error:
        raise Problem("The page did not show the scene: %s" % str(error).split("\n")[0]) from error
    finally:
        everything.close()
    few = Image.open(BytesIO(picture)).convert("RGB").quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE,  # keeps the one green letter among all the grey
        dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    size = file.stat().st_size
    if size > BYTES_MAX:
        raise Problem("%s has %d bytes; %d are allowed." % (file, size, BYTES_MAX))
    return size


def main() -> int:
    """The command; returns the exit code."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    try:
        print("%s: %d bytes" % (file, draw(file)))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
