"""A real phone that really dies: spun, starved, stopped, killed. Its host starts it again, as hardware would.

The reader of pages is spoilt on purpose, in a build of its own: no such code is in the phone itself.
"""

import json
import signal
import time
import urllib.request

import pytest

from host_tools import phone as phones
from host_tools.build import FIRMWARE, build
from host_tools.panel import Panel, PanelError
from host_tools.phone import HEAP, SMALL_DISPLAY, SMALL_HEAP, SMALLEST_HEAP, PhoneProcess, free_port
from host_tools.world import World
from tests.system.conftest import TIMERS

# In the place of the reader of pages: some words make it do what it never should.
SPOILT = """

_hoard = []


class PageReader(_Real):
    def feed(self, view):
        data = bytes(view)
        while b"SPIN" in data:
            pass
        mine = []
        while b"EXHAUST" in data:
            mine.append(bytearray(512))
        while b"HOARD" in data:
            _hoard.append(bytearray(64))
        if b"RECURSE" in data:
            self.feed(view)
        if b"RAISE" in data:
            raise ValueError("on purpose")
        _Real.feed(self, view)
"""
# Before the loop begins. The first turn of a phone that is not in safe mode, which reads no homes, spins.
SPINS = """
    def spins(event, now, feed=agent.feed):
        while configuration.homes and now > 300:
            pass
        return feed(event, now)

    agent.feed = spins
"""
MENU = (
    "<CiscoIPPhoneMenu><Title>Start</Title><Prompt>%s</Prompt>"
    "<MenuItem><Name>One</Name><URL>one.xml</URL></MenuItem></CiscoIPPhoneMenu>"
)
RESET = 8 + 4  # seconds that a hang takes at most: the watchdog, and the start


def spoil(folder, old="", new=""):
    """Build a firmware whose reader can be spoilt by a page, with this change of main.py."""
    page = (FIRMWARE / "phone/wire/page.py").read_text()
    assert "\nclass PageReader:" in page
    (folder / "page.py").write_text(page.replace("\nclass PageReader:", "\nclass _Real:") + SPOILT)
    main = (FIRMWARE / "main.py").read_text()
    assert old in main
    (folder / "main.py").write_text(main.replace(old, new) if old else main)
    instead = {"phone/wire/page.py": folder / "page.py", "main.py": folder / "main.py"}
    return build("unix", folder / "unix", instead)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    return spoil(tmp_path_factory.mktemp("spoilt"))


class Sites:
    """Folders of three servers, whose pages can be spoilt."""

    def __init__(self, folder):
        self.folders = {name: folder / name for name in "ABC"}
        for name, made in self.folders.items():
            made.mkdir()
            self.write(name, "It goes on.")

    def write(self, name, words):
        (self.folders[name] / "menu.xml").write_text(MENU % words)


class Life:
    """A phone that may die, and what a person sees of it."""

    def __init__(self, sites, world, phone):
        self.sites, self.world, self.phone = sites, world, phone
        self.panel = None
        self.again()

    def again(self):
        """Connect to a phone that has just started."""
        self.close()
        late = time.monotonic() + 5
        while self.panel is None:
            try:
                self.panel = Panel.connect(*self.phone.address)
            except PanelError:
                assert time.monotonic() < late
                time.sleep(0.05)

    def close(self):
        if self.panel is not None:
            self.panel.close()
            self.panel = None

    def starts(self, number, within=RESET):
        """Wait until it was started so often; seconds that it took."""
        begun = time.monotonic()
        while self.phone.starts < number:
            assert time.monotonic() < begun + within, "no new start:\n" + "\n".join(self.phone.lines)
            time.sleep(0.02)
        self.again()
        return time.monotonic() - begun

    def dies(self, number):
        """It crashes by a signal, and is back."""
        starts = self.phone.starts
        self.phone.send(number)
        self.starts(starts + 1)

    def shows(self, holds, what, within=6):
        return self.panel.wait(lambda s: not s["busy"] and holds(s), within, what)

    def page_of(self, name):
        self.panel.press("services")
        return self.shows(lambda s: s["label"] == name and s["kind"] == "menu", "the page of " + name)

    def titled(self, title):
        return self.shows(lambda s: s["title"] == title, title)

    def rows(self):
        return " ".join(row["text"] for row in self.panel.screen["rows"])

    def refused(self):
        return "more memory" in self.rows() + self.panel.screen["prompt"]

    def said(self, words):
        late = time.monotonic() + 3
        while not any(words in line for line in self.phone.lines):
            assert time.monotonic() < late, "%s was not said:\n%s" % (words, "\n".join(self.phone.lines))
            time.sleep(0.02)

    def serves_on(self, name, starts):
        """The pages of `name` come, again and again, without one more start."""
        self.page_of(name)
        time.sleep(2.5)  # as long as it takes to look at the others
        self.page_of(name)
        self.panel.press("settings")
        self.titled("Settings")
        assert self.phone.starts == starts, "\n".join(self.phone.lines)


@pytest.fixture
def live(tmp_path, spoilt):
    """live(heap) -> Life, in a world of three."""
    made = []

    def start(heap=SMALL_HEAP, push=0, **options):
        sites = Sites(tmp_path)
        world = World(list(sites.folders.values()), first_port=8221)
        made.append(world.close)
        world.start()
        config = {**world.configuration(TIMERS), "push": {"port": push}}
        phone = PhoneProcess(config, heap=heap, **{"folder": spoilt, **options})
        made.append(phone.stop)
        phone.start()
        life = Life(sites, world, phone)
        made.append(life.close)
        return life

    yield start
    for end in reversed(made):
        end()


def test_a_page_that_spins_costs_one_reset_and_the_backup_serves(live):
    life = live()
    life.sites.write("A", "SPIN")
    life.panel.tap("services")
    life.starts(2)
    life.titled("Started anew")
    assert "The phone starts with B; A is asked last for 5 min." in life.rows()
    life.said("It was reading a page from A.")
    life.said("before the reset: Services: asking A.")
    life.serves_on("B", 2)


@pytest.mark.parametrize("heap", [SMALL_HEAP, SMALLEST_HEAP])
def test_a_page_that_exhausts_memory_is_a_sentence_and_the_backup_serves(live, heap):
    life = live(heap, display=SMALL_DISPLAY if heap == SMALLEST_HEAP else None)
    life.sites.write("A", "EXHAUST")
    life.panel.press("services")
    life.shows(lambda s: "more memory" in life.rows(), "a sentence")
    life.serves_on("B", 1)


def test_memory_that_is_never_given_back_costs_one_reset_and_the_backup_serves(live):
    life = live()
    life.sites.write("A", "HOARD")
    life.panel.tap("services")
    assert life.starts(2, within=2 * RESET) > 4, "a sentence first, and the watchdog when no room came back"
    life.titled("Started anew")
    life.serves_on("B", 2)


def test_one_page_spins_and_another_exhausts_memory_and_the_third_server_serves(live):
    life = live()
    life.sites.write("A", "SPIN")
    life.sites.write("B", "EXHAUST")
    life.panel.tap("services")
    life.starts(2)
    life.panel.press("services")
    life.shows(lambda s: "more memory" in life.rows(), "a sentence")
    life.serves_on("C", 2)


@pytest.mark.parametrize("word, name", [("RAISE", "ValueError"), ("RECURSE", "RuntimeError")])
def test_a_mistake_that_a_page_brings_to_light_is_a_sentence(live, word, name):
    life = live()
    life.sites.write("A", word)
    life.panel.press("services")
    life.shows(lambda s: "could not deal with it (%s)" % name in life.rows(), "a sentence")
    life.serves_on("B", 1)


def test_stopped_in_the_middle_of_a_page_that_is_shown(live):
    life = live()
    life.page_of("A")
    life.dies(signal.SIGSTOP)
    life.said("started anew by its watchdog")
    life.said("It was showing a page from A.")
    life.serves_on("B", 2)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_is_told_from_a_wish_and_from_a_watchdog(live, number):
    life = live()
    life.dies(number)
    life.said("The phone had crashed and was started anew.")
    life.serves_on("A", 2)  # nobody was being served


def test_a_pulled_plug_is_none(live):
    life = live()
    for starts in range(2, 6):
        life.phone.unplug()
        life.starts(starts)
        assert life.panel.screen["kind"] == "idle"
    assert not any("crashed" in line or "before the reset" in line for line in life.phone.lines)


def test_three_in_a_row_are_safe_mode_and_try_again_is_the_way_out(live):
    port = free_port("127.0.0.1", 8290)
    life = live(push=port)
    life.dies(signal.SIGKILL)
    life.dies(signal.SIGSEGV)
    life.dies(signal.SIGSTOP)
    life.titled("Safe mode")
    assert "three times within three minutes" in life.rows()
    asked = [len(server.requests) for server in life.world.servers.values()]
    for key in ("services", "directory", "messages", "information"):
        life.panel.press(key)
        life.titled("Safe mode")
    life.panel.press("settings")
    life.titled("Settings")
    with urllib.request.urlopen("http://127.0.0.1:%d/status.json" % port, timeout=5) as answer:
        told = json.load(answer)
    assert told["cause"] == "watchdog (safe mode)" and told["servers"] == []
    time.sleep(3)
    assert [len(server.requests) for server in life.world.servers.values()] == asked, "nobody is asked"
    life.dies(signal.SIGKILL)
    life.titled("Safe mode")
    life.panel.tap("soft1")
    life.starts(6)
    life.serves_on("A", 6)


def test_a_phone_that_spins_at_once_comes_to_safe_mode_by_itself(live, tmp_path_factory, monkeypatch):
    """Whatever it is that kills it: here its first turn."""
    monkeypatch.setattr(phones, "WATCHDOG_SECONDS", 4)  # three of them are waited for
    folder = spoil(tmp_path_factory.mktemp("spins"), "    await Loop(", SPINS + "    await Loop(")
    life = live(folder=folder)
    life.starts(4, within=3 * RESET)
    life.titled("Safe mode")
    life.panel.press("settings")
    life.titled("Settings")
    assert life.phone.starts == 4


@pytest.mark.parametrize("heap, display", [(SMALL_HEAP, None), (SMALLEST_HEAP, SMALL_DISPLAY)])
def test_a_start_that_raises_comes_to_safe_mode_too(live, tmp_path_factory, heap, display):
    raises = "    if configuration.homes:\n        raise ValueError\n    await board.network"
    folder = spoil(tmp_path_factory.mktemp("raises"), "    await board.network", raises)
    life = live(heap, folder=folder, display=display)
    life.titled("Safe mode")
    assert life.phone.starts == 4
    life.said("It was still starting.")


# --- the heap in pieces ------------------------------------------------------------------------------

# Once the phone runs: all of the heap is taken in blocks of 4 KB, and every other one is given back.
HOLES = """
    async def holes():
        await asyncio.sleep_ms(500)
        gc.collect()
        blocks = []
        try:
            while True:
                blocks.append(bytearray(4096))
        except MemoryError:
            pass
        for place in range(0, len(blocks), 2):
            blocks[place] = None
        gc.collect()
        print("holes:", len(blocks) // 2, "free:", gc.mem_free())
        while True:
            await asyncio.sleep_ms(1000)
            blocks[0] = None
    asyncio.create_task(holes())
"""


@pytest.fixture(scope="module")
def holed(tmp_path_factory):
    return spoil(tmp_path_factory.mktemp("holed"), "    await Loop(", HOLES + "    await Loop(")


@pytest.mark.parametrize("heap", [HEAP, SMALL_HEAP])
def test_a_heap_in_holes_of_4_kb_gives_pages_or_sentences_and_the_phone_goes_on(live, holed, heap):
    life = live(heap, folder=holed)
    big = "".join(
        "<MenuItem><Name>Item %d %s</Name><URL>link.xml</URL></MenuItem>" % (n, "x" * 40) for n in range(100)
    )
    (life.sites.folders["B"] / "menu.xml").write_text("<CiscoIPPhoneMenu>%s</CiscoIPPhoneMenu>" % big)
    text = "<CiscoIPPhoneText><Title>Text</Title><Text>%s</Text></CiscoIPPhoneText>"
    (life.sites.folders["C"] / "menu.xml").write_text(text % ("Line after line.\n" * 500))
    life.said("holes:")
    kept = dict.fromkeys("ABC", 0)
    for _ in range(4):
        for name in "ABC":
            for other in "ABC":
                getattr(life.world[other], "start" if other == name else "stop")()
            life.panel.press("services")
            life.shows(spoke, "a page or a sentence", within=10)
            kept[name] += life.panel.screen["label"] == name and not life.refused()
            for key in ("right", "settings"):
                life.panel.press(key)
                life.shows(spoke, "a page or a sentence", within=10)
            life.panel.press("back")
    for name in "ABC":
        life.world[name].start()
        life.sites.write(name, "It goes on.")
    for _ in range(4):  # even where there was no room just now, the next key finds some
        life.panel.press("services")
        life.shows(spoke, "a page or a sentence", within=10)
        if life.panel.screen["title"] == "Start":
            break
    assert life.panel.screen["title"] == "Start", life.rows()
    assert life.phone.starts == 1, "\n".join(life.phone.lines)
    assert kept["A"], kept


def spoke(screen):
    return screen["kind"] != "idle" or "memory" in screen["prompt"]
