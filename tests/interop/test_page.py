"""A person at the page: a real browser, `everline run` as a process, real keys and pulled plugs.

What the screen says is read from the page's own mirror of it (for screen readers); that the
picture follows is read from the canvas.
"""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from host_tools.managers import PASSWORD, USER
from host_tools.web import WebPage
from host_tools.world import World
from tests.host.fake_phone import FakePhone
from tests.host.sip_client import Client

ROOT = Path(__file__).parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]
# Servers, phone and page: two seconds on a desk, more where the firmware has to be built first.
START_SECONDS = 60
END_SECONDS = 10
# A page of the phone: the walk past a frozen server takes 2.5 s, a phone that crashed is back in one.
PATIENCE_MS = 10_000
# A death of a call manager is seen within 11 s with the timers of the world.
MOVE_MS = 25_000
# How often the screen is looked at: the browser's own waiting looks once a second.
LOOK_MS = 50
# A browser starts slowly on a loaded machine.
BROWSER_MS = 30_000
# Far from the ports of a `make run` beside the tests. Each run below has ten of its own, because the
# port of a stopped server is free for everyone.
FIRST_PORT = 8300
HOME = "St Clare's Hospital"
IDLE = "Ward 3 - Everline"
HOSTILE = "<img src=x onerror=\"document.title='broken in'\"><script>alert(1)</script>"
# A new size is laid out by the second frame.
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
ROWS = """[...document.querySelectorAll("#requests .request")].filter(row => row.offsetParent)
  .map(row => row.innerText)"""
OPEN_LINK = """address => new Promise(resolve => {
  const link = new WebSocket(address);
  link.onopen = () => { link.close(); resolve("open"); };
  link.onerror = () => resolve("refused");
})"""


class Running:
    """`everline run` as a process of its own."""

    def __init__(self, *options, port=FIRST_PORT):
        command = [sys.executable, "-m", "host_tools.cli", "run", "--no-browser", "--port", str(port)]
        command += options
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.lines = []
        self._found = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.url = self._found.get(timeout=START_SECONDS)
        except queue.Empty:
            self.url = ""
        if not self.url:
            self.process.kill()
            self.process.wait()
            raise AssertionError("no page came up:\n" + "\n".join(self.lines))
        self.port = int(self.url.rstrip("/").rpartition(":")[2])

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            found = re.search(r"  page at (\S+)$", self.lines[-1])
            if found:
                self._found.put(found[1])
        self.process.stdout.close()
        self._found.put("")

    def family(self):
        """Process ids of everything that it started."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue  # it has just ended
        members, grown = {self.process.pid}, True
        while grown:
            more = {pid for pid, parent in parents.items() if parent in members} - members
            members, grown = members | more, bool(more)
        return members - {self.process.pid}

    def phone_pid(self):
        """Process id of the phone itself."""
        for pid in self.family():
            words = Path("/proc/%d/cmdline" % pid).read_bytes().split(b"\0")
            if any(word.endswith(b"unix/main.py") for word in words):
                return pid
        raise AssertionError("there is no phone among the processes")

    def end(self, number=signal.SIGINT):
        """Signal it, wait for its end; return the exit code and what it left behind."""
        family = self.family()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join(END_SECONDS)
        return code, [pid for pid in family if Path("/proc/%d" % pid).exists()]


@pytest.fixture(scope="module")
def start():
    """start(*options) -> Running; whatever still runs at the end is ended."""
    runs = []

    def starter(*options, **more):
        runs.append(Running(*options, **more))
        return runs[-1]

    yield starter
    for run in runs:
        run.end()


@pytest.fixture(scope="module")
def house(start):
    """The little intranet; its port was busy, so it stands on another one."""
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", FIRST_PORT))
        busy.listen()
        run = start()
    assert run.port > FIRST_PORT
    return run


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS, timeout=BROWSER_MS)
        yield made
        made.close()


class Window:
    """A page in the browser, with the eyes and hands of a person."""

    def __init__(self, browser, url):
        self.page = browser.new_page(viewport={"width": 1280, "height": 800})
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors, self.requests, self.dialogs = [], [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("dialog", self._dialog)
        self.page.on("websocket", lambda link: link.on("framereceived", self._heard))
        self.page.goto(url)
        expect(self.page.locator("#away")).to_be_hidden(timeout=PATIENCE_MS)

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _heard(self, text):
        if '"trouble"' in text:
            self.errors.append(text)

    def press(self, *keys):
        """Click keys of the phone."""
        for key in keys:
            self.page.locator('[data-key="%s"]' % key).click()

    def type(self, *keys):
        """Press keys of the keyboard."""
        for key in keys:
            self.page.keyboard.press(key)

    def go_home(self):
        """To the idle screen, as a person finds the way: Exit where there is one, else Back."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while self.page.title() != IDLE:
            assert time.monotonic() < deadline, "no way to the idle screen from " + self.screen()
            leave = self.page.locator('.softkeys [aria-label="Exit"]')
            if leave.count():
                leave.click()
            else:
                self.press("back")
            self.page.wait_for_timeout(2 * LOOK_MS)
        self.shows(gone=[HOME])

    def plug(self, server, action):
        """Press a button of a server and wait until it is so."""
        button = self.page.locator('[data-server="%s"] [data-action="%s"]' % (server, action))
        if button.get_attribute("aria-pressed") != "true":
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)

    def screen(self):
        """What the screen says, on one line."""
        return " ".join(self.page.locator("#screen-text").text_content().split())

    def shows(self, *words, gone=()):
        """Wait until the screen says all of these, and nothing of what is gone."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while True:
            shown = self.screen()
            if all(word in shown for word in words) and not any(word in shown for word in gone):
                return
            assert time.monotonic() < deadline, "wanted %s, not %s: %s" % (words, gone, shown)
            self.page.wait_for_timeout(LOOK_MS)  # and not sleep: the browser's messages are heard here

    def dial(self, server, kind):
        """The slider of a server's line."""
        return self.page.locator('[data-server="%s"] [data-dial="%s"]' % (server, kind))

    def asked(self):
        """The time line as lines of text, as it stands from the top."""
        return [" ".join(text.split()) for text in self.page.evaluate(ROWS)]

    def until(self, holds):
        """Wait until something holds; it may look at this window."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < deadline, "it did not happen"
            self.page.wait_for_timeout(LOOK_MS)

    def bar(self, n):
        """Where the bar of request n begins and ends on its axis, from 0 to 1."""
        bar, track = ("#requests [data-n='%d'] .track%s" % (n, part) for part in (" i", ""))
        bar, track = self.page.locator(bar).bounding_box(), self.page.locator(track).bounding_box()
        begin = (bar["x"] - track["x"]) / track["width"]
        return begin, begin + bar["width"] / track["width"]

    def says(self, words, who="phone"):
        """Wait until the account says so."""
        line = self.page.locator("#account span." + who, has_text=words)
        expect(line.first).to_be_visible(timeout=PATIENCE_MS)

    def pixels(self):
        return self.page.evaluate("document.getElementById('screen').toDataURL()")

    def until_pixels(self, holds):
        """Wait until the picture is as wanted."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not holds(self.pixels()):
            assert time.monotonic() < deadline, "the picture stayed as it was"
            self.page.wait_for_timeout(LOOK_MS)

    def bottom(self):
        """Where the phone ends, in CSS pixels below the top of the window."""
        box = self.page.locator(".body").bounding_box()
        return box["y"] + box["height"]

    def size(self, width, height):
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(DRAWN)

    def glass_width(self):
        """How wide the screen is drawn, in CSS pixels."""
        return self.page.locator("#screen").bounding_box()["width"]

    def measure(self, expression):
        return self.page.evaluate(expression)


class Stage:
    """A page in this process: a real world with names, and a phone of cardboard that says what it is told."""

    ended = ""

    def __init__(self, fake, world):
        self.fake = fake
        self.world = world
        self.address = ("127.0.0.1", fake.port)
        self.started_at = time.time()
        self.page = WebPage(self, world, FIRST_PORT + 90)
        self.url = self.page.start()
        self.asked_last = 0
        self.unplugged = 0

    def unplug(self):
        """What restarts a real phone."""
        self.unplugged += 1

    def begins(self, server, t, why="key", path="/menu.xml", **more):
        """The phone begins a request; returns it."""
        self.asked_last += 1
        asked = {"n": self.asked_last, "t": t, "server": server, "path": path, "why": why, "reused": False,
                 "ms": 0, "word": "", **more}
        self.fake.send({"asked": asked})
        return asked

    def ends(self, asked, ms, word):
        """The request is over."""
        self.fake.send({"asked": {**asked, "ms": ms, "word": word}})

    def whole(self, server, t, ms, word, **more):
        """A request from begin to end."""
        self.ends(self.begins(server, t, **more), ms, word)


@contextlib.contextmanager
def staged(**more):
    stages = []
    with FakePhone() as fake, World(first_port=FIRST_PORT + 91, names=True, **more,
                                    on_change=lambda _: stages and stages[0].page.world_changed()) as world:
        stages.append(Stage(fake, world))
        yield stages[0]
        stages[0].page.close()


@pytest.fixture
def stage():
    with staged() as made:
        yield made


@pytest.fixture
def managed():
    """The same with call managers."""
    with staged(managers="stand-in") as made:
        yield made


@pytest.fixture
def look(browser):
    """look(run) -> Window; at the end no window may have complained."""
    windows = []

    def looker(run):
        windows.append(Window(browser, run.url))
        return windows[-1]

    yield looker
    for window in windows:
        assert window.errors == [] and window.dialogs == []
        window.page.close()


@pytest.fixture
def window(house, look):
    """A window on the little intranet, whose servers answer, and the phone idle."""
    made = look(house)
    for server in "AB":
        made.plug(server, "start")
    made.go_home()
    return made


def test_a_hard_key_brings_the_menu_and_the_picture_follows(window):
    idle = window.pixels()
    window.press("services")
    window.shows("● A", HOME, "selected: 1 News", "Served by A")
    window.says("page from A")
    window.until_pixels(lambda picture: picture != idle)
    menu = window.pixels()
    window.press("down")
    window.shows("selected: 2 Who is who")
    window.until_pixels(lambda picture: picture not in (idle, menu))
    window.press("up")
    window.shows("selected: 1 News")
    expect(window.page).to_have_title("%s - Everline" % HOME)


def test_every_hard_key_has_its_page(window):
    for key, title in (("directory", "Who is who"), ("messages", "3 messages"), ("information", "The marks"),
                       ("settings", "Settings"), ("services", HOME)):
        window.press(key)
        window.shows(title)


def test_the_keyboard_drives_the_phone(window):
    window.type("s")
    window.shows(HOME, "selected: 1 News")
    window.type("ArrowDown", "ArrowDown", "ArrowUp")
    window.shows("selected: 2 Who is who")
    window.type("Enter")
    window.shows("Choose a person")
    window.type("Escape")
    window.shows(HOME)
    window.type("4")
    window.shows("Opening hours", "Reception: always")
    window.type("Backspace")
    window.shows("Served by A", HOME)
    window.type("d")
    window.shows("Choose a person")
    window.type("F2")
    window.shows(gone=["Choose a person"])


def test_a_key_that_is_held_repeats_and_is_let_go(window):
    window.type("s")
    window.shows("selected: 1 News")
    window.page.locator('[data-key="down"]').hover()
    window.page.mouse.down()
    window.shows("12 About this server")  # the last of all
    window.page.mouse.up()
    # Letting go of Shift first turns "#" into "3" on the way up.
    window.page.keyboard.down("Shift")
    window.page.keyboard.down("#")
    expect(window.page.locator('[data-key="#"]')).to_have_class("down")
    window.page.keyboard.up("Shift")
    window.page.keyboard.up("3")
    expect(window.page.locator('.body button.down')).to_have_count(0)


def test_softkeys_do_what_their_labels_say(window):
    window.press("services")
    window.shows(HOME)
    softkeys = window.page.locator(".softkeys button")
    for place, word in enumerate(("Select", "Exit", "Back")):
        expect(softkeys.nth(place)).to_have_attribute("aria-label", word)
    window.press("soft1")
    window.shows("Served by A", "Flu")
    window.type("c")
    window.shows(HOME)
    window.press("soft2")
    window.shows(gone=[HOME])


def test_enter_means_select_after_the_mouse_was_used(window):
    window.press("services")
    window.shows("selected: 1 News")
    window.plug("B", "freeze")
    window.type("ArrowDown", "Enter")
    window.shows("Choose a person")


def test_plugs_are_pulled_and_the_page_still_comes(window):
    window.plug("A", "freeze")
    window.says("Server A is frozen", "world")
    window.press("services")
    window.shows("▲ B", HOME, "From B, since A had not answered after")
    window.says("A had not answered after")
    window.says("page from B")
    window.plug("B", "stop")
    window.press("soft2", "services")
    window.shows("✕", HOME, "From B, a moment ago")
    window.says("B refused the connection")
    window.says("Server B is stopped", "world")
    window.plug("A", "start")
    window.type("Escape", "Escape", "s")
    window.shows("● A", HOME, "Served by A")


def test_hostile_text_is_text(tmp_path, start, look):
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    (tmp_path / "menu.xml").write_text(
        "<CiscoIPPhoneMenu><Title>%s</Title><Prompt>%s</Prompt><MenuItem><Name>%s</Name><URL>%s</URL></MenuItem>"
        "</CiscoIPPhoneMenu>" % (escaped, escaped, escaped, "gone.xml?" + escaped), encoding="utf-8")
    window = look(start("--site", str(tmp_path), port=FIRST_PORT + 70))
    window.press("services")
    window.shows("selected: 1 <img src=x onerror=")
    expect(window.page).to_have_title(re.compile(r"^<img src=x"))
    window.press("select")
    window.says("404")
    assert window.page.locator("img").count() == 0 and window.page.locator("script").count() == 1
    assert [url for url in window.requests if url.endswith("/x")] == []


def restarted(house, window):
    pid = house.phone_pid()
    window.page.locator("#restart").click()
    window.says("You restart the phone.", "world")
    expect(window.page.locator("#away")).to_be_visible(timeout=PATIENCE_MS)
    expect(window.page.locator("#away")).to_be_hidden(timeout=PATIENCE_MS)
    assert house.phone_pid() != pid


def test_the_button_restarts_the_phone(house, window):
    window.press("services")
    window.shows(HOME, "Served by A")
    restarted(house, window)
    window.press("services")
    window.shows(HOME, "Served by A")


def test_a_phone_that_is_killed_comes_back_by_itself(house, window):
    restarted(house, window)  # no page is on its screen, so none is blamed
    os.kill(house.phone_pid(), signal.SIGKILL)
    expect(window.page.locator("#away")).to_be_visible(timeout=PATIENCE_MS)
    expect(window.page.locator("#away")).to_have_text("The phone is starting again.")
    window.says("The phone crashed (ended by signal 9) and is started again.", "world")
    expect(window.page.locator("#away")).to_be_hidden(timeout=PATIENCE_MS)
    window.press("services")
    window.shows(HOME, "Served by A")


def test_the_button_starts_a_drill(house, window):
    """And the keys of the keyboard are the phone's afterwards, as after any other button."""
    window.page.locator("#drill").click()
    window.shows("Drill", "All is as before.")
    window.says("Drill: Without A: B after")
    window.says("Drill: Without B: A after")
    window.press("services")
    window.shows(HOME, "Served by A")


def test_the_account_is_filled_from_what_the_phone_keeps(stage, look):
    """A page that finds a phone at work tells what happened before, each line once, in the phone's order."""
    lines = [{"note": {"n": n, "t": 1000 * n, "at": None, "text": "Line %d." % n}} for n in range(7, 71)]
    look(stage).says("The phone starts.")
    stage.fake.send(*lines, *lines[-3:])
    window = look(stage)
    window.says("Line 70.")
    told = [text for text in window.page.locator("#account span.phone").all_inner_texts() if "Line" in text]
    assert told == ["Line %d." % n for n in range(70, 6, -1)]


def test_a_window_that_opens_late_sees_the_same(house, window, look):
    window.press("services")
    window.shows(HOME)
    late = look(house)
    late.shows(HOME)
    late.says("page from A")
    window.until_pixels(lambda picture: picture == late.pixels())
    late.press("down")
    window.shows("selected: 2 Who is who")


def test_the_whole_phone_is_seen_with_whole_pixels(window):
    for width, height in ((1280, 800), (1440, 900), (1600, 1200)):
        window.size(width, height)
        assert window.bottom() <= height
        assert window.measure("document.documentElement.scrollHeight") <= height
        assert window.glass_width() == 640


def test_small_windows_are_enough_for_the_phone(window):
    for width, height in ((1280, 620), (800, 1100), (800, 600), (390, 844)):
        window.size(width, height)
        assert window.measure("document.documentElement.scrollWidth") <= width
        assert window.glass_width() >= 320
        assert window.bottom() <= height
    window.press("services", "2")
    window.shows("Choose a person")


def test_phone_and_story_are_seen_at_once(window):
    for width, height in ((1280, 900), (1280, 620), (1024, 700), (820, 640), (800, 600)):
        window.size(width, height)
        assert window.measure("document.documentElement.scrollWidth") <= width
        assert window.measure("document.documentElement.scrollHeight") <= height
        glass, bezel = (window.page.locator(part).bounding_box() for part in ("#screen", ".bezel"))
        assert bezel["width"] - glass["width"] <= 40, "no black bars beside the screen"
        body = window.page.locator(".body").bounding_box()
        assert body["x"] >= 0
        for part in ("#servers", "#requests", "#account"):
            box = window.page.locator(part).bounding_box()
            assert box["x"] >= body["x"] + body["width"] and box["x"] + box["width"] <= width
            assert box["height"] >= 60 and box["y"] + box["height"] <= height


def test_no_other_page_may_use_the_link(house, window, browser):
    link = "ws://127.0.0.1:%d/link" % house.port
    assert window.measure("(%s)(%r)" % (OPEN_LINK, link)) == "open"
    site = window.page.locator('[data-server="A"] .url').inner_text()
    foreign = browser.new_page()
    foreign.goto(site + "menu.xml")
    assert foreign.evaluate(OPEN_LINK, link) == "refused"
    foreign.close()
    request = urllib.request.Request(house.url, headers={"Host": "everline.example:%d" % house.port})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=END_SECONDS)


def test_the_end_is_whole_and_the_page_finds_the_next_run(start, look):
    run = start(port=FIRST_PORT + 50)
    family = run.family()
    assert len(family) >= 3, "two servers and a phone"
    window = look(run)
    code, left = run.end()
    assert (code, left) == (0, [])
    expect(window.page.locator("#notice")).to_contain_text("The link to the host is lost")
    expect(window.page.locator("#away")).to_have_text("No link to the host.")
    again = start(port=run.port)
    assert again.url == run.url
    expect(window.page.locator("#notice")).to_be_hidden(timeout=PATIENCE_MS)
    expect(window.page.locator("#away")).to_be_hidden(timeout=PATIENCE_MS)
    window.press("services")
    window.shows(HOME)


def test_a_second_ctrl_c_leaves_nothing_either(start):
    run = start(port=FIRST_PORT + 60)
    family = run.family()
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    run.end()
    assert [pid for pid in family if Path("/proc/%d" % pid).exists()] == []


def test_a_slider_sets_the_line_and_every_window_follows(stage, look):
    window, other = look(stage), look(stage)
    server = stage.world["A"]
    slider = window.dial("A", "delay_ms")
    expect(slider).to_have_attribute("aria-label", "Latency of server A")
    slider.focus()
    window.type("ArrowRight", "ArrowRight", "ArrowUp")
    window.until(lambda: server.delay_ms == 20)
    expect(slider).to_have_attribute("aria-valuetext", "20 ms each way")
    expect(other.dial("A", "delay_ms")).to_have_attribute("aria-valuetext", "20 ms each way")
    expect(other.page.locator('[data-server="A"] output').first).to_have_text("20 ms")
    assert [message for message in stage.fake.heard if "key" in message] == [], "the arrows were the slider's"
    loss = other.dial("B", "loss")
    box = loss.bounding_box()
    other.page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    window.until(lambda: stage.world["B"].loss == 50)
    expect(window.dial("B", "loss")).to_have_attribute("aria-valuetext", "50 per cent of the pieces")
    assert server.delay_ms == 20 and server.loss == 0 and stage.world["B"].delay_ms == 0
    other.type("ArrowDown")  # after the mouse the arrows are the phone's again
    other.until(lambda: {"key": "down", "down": True} in stage.fake.heard)
    slider.focus()
    window.type("End")
    window.until(lambda: server.delay_ms == 500)
    expect(window.page.locator('[data-server="A"] output').first).to_have_text("500 ms")
    hint = re.compile("on a new connection takes four ways .* here 2 s and 1 s")
    expect(slider).to_have_attribute("aria-description", hint)
    expect(window.page.locator('[data-server="A"] .dial').first).to_have_attribute("title", hint)
    window.type("Home")
    window.until(lambda: server.delay_ms == 0)


def test_a_line_that_a_script_sets_shows_what_it_is(stage, look):
    window = look(stage)
    stage.world["A"].line(delay_ms=123, loss=4)
    outputs = window.page.locator('[data-server="A"] output')
    expect(outputs.first).to_have_text("123 ms")
    expect(outputs.last).to_have_text("4 %")
    stage.world["A"].line(delay_ms=3000)  # beyond the slider's end
    expect(outputs.first).to_have_text("3 s")
    expect(window.dial("A", "delay_ms")).to_have_attribute("aria-valuetext", "3 s each way")


def test_the_name_server_is_switched_and_every_window_follows(stage, look):
    window, other = look(stage), look(stage)
    expect(window.page.locator("#names p")).to_have_text("answers")
    for mode, words in (("silent", "is silent"), ("lies", "knows no name"), ("well", "answers")):
        window.page.locator('#names [data-mode="%s"]' % mode).click()
        expect(other.page.locator('#names [data-mode="%s"]' % mode)).to_have_attribute("aria-pressed", "true")
        expect(other.page.locator("#names p")).to_have_text(words)
        assert stage.world.names.state == mode
    assert window.page.locator('#names [aria-pressed="true"]').count() == 1


def test_every_way_to_fail_has_its_button(stage, look):
    window = look(stage)
    for action in ("hole", "half", "garbage", "503", "slow", "freeze", "stop", "start"):
        window.plug("A", action)
    expect(window.page.locator('[data-server="A"] [data-action="hole"]')).to_have_text("Black hole")


def test_the_time_line_shows_why_a_page_came_when_it_did(stage, look):
    window = look(stage)
    expect(window.page.locator("#requests")).to_contain_text("Press a key")
    slow = stage.begins("A", 45000)
    window.until(lambda: window.asked() and window.asked()[0].startswith("A /menu.xml … asking"))
    width = window.bar(1)[1]
    window.until(lambda: window.bar(1)[1] != width)  # it grows, and its axis with it
    stage.whole("B", 45250, 12, "page", why="hedge", reused=True)
    stage.ends(slow, 262, "lost")
    window.until(lambda: len(window.asked()) == 2 and "asking" not in window.asked()[0])
    assert window.asked() == ["A /menu.xml − lost 262 ms",
                                 "B beside A after 250 ms reused ✓ page 12 ms"]
    assert window.bar(1) == pytest.approx((0, 262 / 300), abs=0.01)  # the axis ends at 300 ms
    assert window.bar(2) == pytest.approx((250 / 300, 262 / 300), abs=0.02)
    stage.whole("A", 60000, 2000, "failed", path="/people.xml")
    stage.whole("B", 62000, 31, "answer", why="walk", path="/people.xml")
    window.until(lambda: len(window.asked()) == 4)
    assert window.asked()[:2] == ["A /people.xml ✕ failed 2 s", "B next, after 2 s ! answer 31 ms"]
    late = look(stage)
    late.until(lambda: late.asked() == window.asked())


def test_a_closer_look_says_it_in_a_sentence(stage, look):
    window = look(stage)
    stage.whole("A", 45000, 262, "lost")
    stage.whole("B", 45250, 12, "page", why="hedge", reused=True)
    stage.whole("A", 90000, 8, "page", why="link", path="/people.xml")
    window.until(lambda: len(window.asked()) == 3)
    words = window.page.locator("#asked-words")
    expect(words).to_be_hidden()
    window.page.locator("#requests [data-n='2']").hover()
    expect(words).to_have_text("GET /menu.xml from B, asked beside A after 250 ms: page after 12 ms, "
                               "on a connection kept open.")
    window.page.mouse.move(5, 5)
    expect(words).to_be_hidden()
    window.page.locator("#probes").focus()
    window.type("Tab")  # to the newest row
    expect(words).to_have_text("GET /people.xml from A, a link of a page: page after 8 ms.")
    window.type("ArrowDown")
    expect(words).to_have_text("GET /menu.xml from A: lost after 262 ms, since another server was quicker; "
                               "it was closed.")
    expect(window.page.locator("#requests [data-n='1']")).to_be_focused()
    window.type("End", "ArrowDown", "ArrowUp", "Home")
    expect(window.page.locator("#requests [data-n='3']")).to_be_focused()
    assert [message for message in stage.fake.heard if "key" in message] == [], "the arrows were the list's"


def test_the_sentence_about_a_row_covers_no_row(stage, look):
    window = look(stage)
    for n in range(6):
        stage.whole("AB"[n % 2], 1000 * n, 1200, "given up", path="/a/rather/long/path/%d.xml" % n)
    window.until(lambda: len(window.asked()) == 6)
    for width, height in ((1280, 900), (1024, 700), (800, 600)):
        window.size(width, height)
        window.page.locator("#requests [data-n='6']").hover()
        words = window.page.locator("#asked-words").bounding_box()
        assert words["y"] >= 0
        assert words["y"] + words["height"] <= window.page.locator("#requests").bounding_box()["y"] + 1


def test_an_axis_is_as_long_as_its_key_press(stage, look):
    window = look(stage)
    lengths = {4: "50 ms", 50: "50 ms", 51: "60 ms", 262: "300 ms", 1010: "1.2 s", 2502: "3 s", 5020: "6 s",
               9500: "10 s", 10500: "12 s"}
    for place, (ms, end) in enumerate(lengths.items()):
        stage.whole("A", 20000 * place, ms, "page")
        expect(window.page.locator("#requests .axis span").first).to_have_text(end)


def test_times_are_told_in_24_hours_and_words_are_explained(stage, look):
    window = look(stage)
    stage.whole("A", 45000, 262, "lost")
    now = re.compile(r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$")
    expect(window.page.locator("#requests .axis time")).to_have_text(now)
    meanings = window.page.locator(".legend dl")
    expect(meanings).to_be_hidden()
    window.page.locator(".legend summary").focus()
    window.type("Space")
    for word in ("lost", "given up", "reused"):
        expect(meanings).to_contain_text(word)
    for width, height in ((1280, 900), (1024, 700), (800, 600)):
        window.size(width, height)
        box = meanings.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height


def test_the_phone_is_restarted_as_often_as_one_likes(stage, look):
    window = look(stage)
    for n in range(8):  # a pulled plug is no crash
        window.page.locator("#restart").click()
        window.until(lambda n=n: stage.unplugged == n + 1)
    window.says("You restart the phone.", "world")


def test_probes_can_be_hidden(stage, look):
    window = look(stage)
    stage.whole("A", 45000, 12, "page")
    stage.whole("B", 50000, 3, "well", why="probe", path="/")
    stage.whole("B", 51000, 31, "page", why="walk")  # joins the key press, not the probe
    window.until(lambda: len(window.asked()) == 3)
    assert window.asked()[0] == "B / probe ✓ well 3 ms"
    window.page.locator("#probes").uncheck()
    assert window.asked() == ["A /menu.xml ✓ page 12 ms", "B next, after 6 s ✓ page 31 ms"]
    stage.whole("A", 70000, 3, "well", why="probe", path="/")
    stage.whole("A", 80000, 4, "page")
    window.until(lambda: len(window.asked()) == 3)
    window.page.locator("#probes").check()
    assert len(window.asked()) == 5


def test_what_ran_when_the_phone_died_is_gone(stage, look):
    window = look(stage)
    stage.whole("A", 45000, 12, "page")
    stage.begins("A", 50000)
    window.until(lambda: len(window.asked()) == 2)
    stage.started_at, stage.asked_last = time.time(), 0
    stage.fake.hang_up()
    window.until(lambda: window.asked() == ["A /menu.xml ✓ page 12 ms"])
    stage.whole("B", 900, 7, "page")
    window.until(lambda: window.asked() == ["B /menu.xml ✓ page 7 ms", "A /menu.xml ✓ page 12 ms"])


def test_a_path_is_text_too(stage, look):
    window = look(stage)
    stage.whole("A", 45000, 12, "page", path="/" + HOSTILE)
    window.until(lambda: len(window.asked()) == 1)
    assert HOSTILE in window.asked()[0]
    assert window.page.locator("img").count() == 0
    for width, height in ((1280, 800), (800, 600), (390, 844)):
        window.size(width, height)
        assert window.measure("document.documentElement.scrollWidth") <= width


def test_call_managers_are_switched_and_every_window_follows(managed, look):
    window, other = look(managed), look(managed)
    words = other.page.locator('[data-manager="A"] h3')
    expect(words).to_have_text("Manager A answers")
    for action, said in (("503", "answers 503, try again in 20 s"),
                         ("drain", "is being emptied: it sends phones to B"),
                         ("freeze", "is frozen: its port is open, nothing answers"),
                         ("stop", "is stopped: its port is closed"), ("start", "answers")):
        window.page.locator('[data-manager="A"] [data-do="%s"]' % action).click()
        expect(words).to_have_text("Manager A " + said)
        pressed = other.page.locator('[data-manager="A"] [data-do][aria-pressed="true"]')
        expect(pressed).to_have_attribute("data-do", action)
    gives = '[data-manager="B"] [data-gives]'
    window.page.locator(gives).click()
    expect(other.page.locator(gives)).to_have_attribute("aria-pressed", "true")
    assert managed.world.managers["B"].gives
    window.page.locator(gives).click()
    expect(other.page.locator(gives)).to_have_attribute("aria-pressed", "false")


def test_who_is_registered_is_seen_with_the_seconds_that_are_left(managed, look):
    window = look(managed)
    where = window.page.locator('[data-manager="A"] .where')
    expect(where).to_have_text("nobody is registered")
    with Client(managed.world.managers["A"].calls, USER, PASSWORD) as phone:
        phone.register(60)
        expect(where).to_have_text(re.compile(r"^1001 until \d\d:\d\d:\d\d \(\d\d s\)$"))
        expect(window.page.locator('[data-manager="B"] .where')).to_have_text("nobody is registered")
        window.page.locator('[data-manager="A"] [data-push="messages"]').click()
        assert phone.event().get("event") == "message-summary"
        phone.register(0)
        expect(where).to_have_text("nobody is registered")


def test_a_push_that_can_not_be_is_said(managed, look):
    window = look(managed)
    window.page.locator('[data-manager="A"] [data-push="pages"]').click()
    expect(window.page.locator("#notice")).to_contain_text("1001 is not registered")
    assert "1001 is not registered" in window.errors.pop()


def test_keep_alives_are_ticks_on_a_lane_of_their_own(managed, look):
    window = look(managed)
    now = int((time.time() - managed.started_at) * 1000)
    for server, ago, word, why, path in (
            ("A", 50000, "200", "register", "REGISTER"), ("A", 45000, "200", "keep-alive", "OPTIONS"),
            ("b.everline.test", 42000, "200", "poll", "OPTIONS"),  # as a phone calls who was learned
            ("A", 40000, "silent", "keep-alive", "OPTIONS"),
            ("B", 30000, "200", "register", "REGISTER"), ("A", 20000, "503", "poll", "OPTIONS")):
        asked = managed.begins(server, now - ago, why=why, path=path)
        managed.ends(asked, 3, word)
    ticks = window.page.locator("#lanes [data-lane=A] .tick")
    expect(ticks).to_have_count(4)
    assert [tick.get_attribute("data-outcome") for tick in ticks.all()] == ["good", "good", "bad", "odd"]
    expect(window.page.locator("#lanes [data-lane=B] .tick")).to_have_count(2)
    expect(window.page.locator("#lanes [data-lane=B]")).to_have_class(re.compile("at"))
    expect(window.page.locator("#lanes [data-lane=A] .home")).to_have_count(1)
    last = "OPTIONS to A to see whether it is well: 503 after 3 ms."
    expect(window.page.locator("#kept")).to_contain_text(last)
    assert window.asked() == [], "and not among the requests of pages"
    late = look(managed)
    expect(late.page.locator("#lanes .tick")).to_have_count(6)


def test_a_bar_ends_where_the_phone_is_registered_no_more(managed, look):
    window = look(managed)
    now = int((time.time() - managed.started_at) * 1000)
    at = re.compile("at")
    lane, bars = (window.page.locator("#lanes [data-lane=A]" + part) for part in ("", " .home"))
    for ago, word, why, path, here in ((50000, "200", "register", "REGISTER", True),
                                       (40000, "silent", "keep-alive", "OPTIONS", True),
                                       (39000, "silent", "register", "REGISTER", False),
                                       (20000, "401", "register", "REGISTER", False),
                                       (19990, "200", "register", "REGISTER", True),
                                       (10000, "503", "keep-alive", "OPTIONS", False)):
        managed.ends(managed.begins("A", now - ago, why=why, path=path), 3, word)
        (expect(lane).to_have_class if here else expect(lane).not_to_have_class)(at)
    expect(bars).to_have_count(2)


def test_in_a_low_window_servers_and_call_managers_take_turns(managed, look):
    window = look(managed)
    turn, managers, servers = (window.page.locator(part) for part in ("#turn", "#managers", "#servers"))
    window.size(1280, 900)
    for part, seen in ((turn, False), (managers, True), (servers, True)):
        assert part.is_visible() == seen
    for width, height in ((1280, 620), (800, 600)):
        window.size(width, height)
        assert servers.is_visible() and not managers.is_visible()
        turn.click()
        assert managers.is_visible() and not servers.is_visible()
        expect(turn).to_have_text("Servers")
        assert window.measure("document.documentElement.scrollHeight") <= height
        turn.click()


def test_a_world_without_call_managers_shows_none(stage, look):
    window = look(stage)
    window.size(1280, 620)
    assert not window.page.locator("#managers").is_visible() and not window.page.locator("#turn").is_visible()


def test_a_call_manager_dies_and_the_phone_is_seen_to_move(house, window):
    """B watches A and pushes its pages by itself; then the phone finds the death, and registers with B."""
    registered = '[data-manager="%s"] .where.somebody'
    window.page.locator(registered % "A").wait_for(timeout=MOVE_MS)
    window.page.locator('[data-manager="A"] [data-do="freeze"]').click()
    window.says("Manager B: manager A does not answer: the pointers are pushed to 1001.", "world")
    window.shows("▲ B", HOME)
    window.says("B pushes backups")
    window.page.locator(registered % "B").wait_for(timeout=MOVE_MS)
    window.says("Registered at B, since A does not answer.")
    expect(window.page.locator("#lanes [data-lane=B]")).to_have_class(re.compile("at"))
    assert window.page.locator('#lanes [data-lane=A] .tick[data-outcome="bad"]').count() >= 2
    window.page.locator('[data-manager="A"] [data-do="start"]').click()
    window.says("Manager B: manager A answers again.", "world")
