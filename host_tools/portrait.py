"""Draw the pictures of the page: `python -m host_tools.portrait [FILE]`, whose name says what happens in it.

| file | a real phone, real servers and call managers, and the real page in a browser |
|---|---|
| docs/phone.png | server A is frozen, the services key is pressed, and the page comes from B |
| docs/managers.png | call manager A is frozen, B pushes its pages, and the phone registers with B |

CHROMIUM=path names the browser.
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

DOCS = Path(__file__).parents[1] / "docs"
# The size of a window; drawn with twice as many dots, so that letters are sharp on any display.
WINDOW = {"width": 1440, "height": 880}
DOTS = 2
# A README that opens slowly is not read. A palette is enough for a grey phone on a grey desk.
BYTES_MAX = 300 * 1000
COLOURS = 256
WALK_MS = 10_000
# A death of a call manager, with the world's timers, and as long again for a loaded machine.
MOVE_MS = 25_000
# So many keep-alives are on the lane before something happens.
QUIET_MS = 35_000
# The account says how long ago a thing was; a moment lets the sentences settle.
MOMENT_MS = 700
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def a_server_is_frozen(page) -> None:
    """The scene of phone.png."""
    words = page.locator("#screen-text")
    page.locator('[data-key="services"]').click()
    expect(words).to_contain_text("Served by A", timeout=WALK_MS)
    page.locator('[data-key="soft2"]').click()
    page.locator('[data-server="A"] [data-action="freeze"]').click()
    page.locator('[data-server="A"][data-state="frozen"]').wait_for(timeout=WALK_MS)
    page.locator('[data-key="services"]').click()
    expect(words).to_contain_text("From B", timeout=WALK_MS)


def a_manager_is_frozen(page) -> None:
    """The scene of managers.png."""
    where = '[data-manager="%s"] .where.somebody'
    page.locator(where % "A").wait_for(timeout=MOVE_MS)
    page.wait_for_timeout(QUIET_MS)
    page.locator('[data-manager="A"] [data-do="freeze"]').click()
    page.locator(where % "B").wait_for(timeout=MOVE_MS)
    page.wait_for_timeout(QUIET_MS / 3)


SCENES = {"phone.png": a_server_is_frozen, "managers.png": a_manager_is_frozen}


def scene(url: str, browser: str, play) -> bytes:
    """Play a scene on the page at `url`; return the window as PNG."""
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = window.new_page(viewport=WINDOW, device_scale_factor=DOTS, color_scheme="light")
        page.goto(url)
        play(page)
        page.mouse.move(1, 1)
        page.wait_for_timeout(MOMENT_MS)
        picture = page.screenshot()
        window.close()
    return picture


def draw(file: Path) -> int:
    """Write the picture to `file`; return its size in bytes. Problem where it does not come about."""
    play = SCENES.get(file.name)
    if play is None:
        raise Problem("There is no picture %s. There are: %s." % (file.name, ", ".join(SCENES)), 2)
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Problem("There is no Chromium here: sudo apt install chromium")
    build_folder()
    everything = Run()
    try:
        everything.start(live=True)
        picture = scene(everything.page.url, browser, play)
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
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS / "phone.png"
    try:
        print("%s: %d bytes" % (file, draw(file)))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
