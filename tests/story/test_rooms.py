"""No room: wherever in the phone the heap is full, a key press ends and no socket stays behind.

A story is told once to see which lines of the firmware run in it. Then it is told again for one in five of
them, and the heap is full at the first visit of that line: MemoryError, as MicroPython raises it. What the
hands do then (runtime/loop.py) is done here: the agent relieves itself, and wholly where that fails.
"""

import linecache
import sys

import pytest

from phone import events
from tests.story.test_walk import FIRST_BYTE, PACE_MIN, PROMISE, REST
from tests.story.world import World, real_agent

EVERY = 5
HOUR = 3600000
TAKES = set("([{%+")  # a line without one of these takes no memory


class Lines:
    """A context that watches the lines of the firmware, until the heap is full at one of them, once."""

    def __init__(self, full_at=None, armed=False):
        self.seen = {}  # (file, line): None, in the order of their first visit
        self.armed = armed
        self._full_at = full_at
        self._over = False

    def __enter__(self):
        if self.armed and not self._over:
            sys.settrace(self._enter)

    def __exit__(self, *_):
        sys.settrace(None)

    def _enter(self, frame, event, _):
        return self._visit if "/firmware/phone/" in frame.f_code.co_filename else None

    def _visit(self, frame, event, _):
        here = frame.f_code.co_filename, frame.f_lineno
        if event == "line" and not self._over and TAKES & set(linecache.getline(*here)):
            self.seen[here] = None
            if here == self._full_at:
                self._over = True
                raise MemoryError
        return self._visit


class Cramped:
    """An agent whose heap is full at a line of a feed, and perhaps at one more while it makes room."""

    def __init__(self, agent, feeding, relieving):
        self._agent, self._feeding, self._relieving = agent, feeding, relieving
        self._opened = set()

    def __getattr__(self, name):
        return getattr(self._agent, name)

    def feed(self, event, now):
        try:
            with self._feeding:
                effects = self._agent.feed(event, now)
        except MemoryError:
            effects = self._relieve(now)
        return [effect for effect in effects if self._is_known(effect)]

    def _relieve(self, now):
        try:
            with self._relieving:
                return self._agent.relieve(now)
        except MemoryError:
            return self._agent.relieve(now, True)

    def _is_known(self, effect):
        """Not the end of a connection of which the hands never heard: they do not mind that."""
        if isinstance(effect, events.Open):
            self._opened.add(effect.conn)
        return not isinstance(effect, (events.Close, events.Write)) or effect.conn in self._opened


# How A and B behave, and when lines begin to count: ms after the press of the key, or before it.
STORIES = {
    "page": (lambda a, b: None, 0),
    "walk": (lambda a, b: a.refuse(), 0),
    "two at once": (lambda a, b: (a.late(450), b.late(150)), PACE_MIN + 50),
    "two cut at once": (lambda a, b: (a.late(400), b.cut(30)), PACE_MIN),
    "cut": (lambda a, b: a.cut(30), 0),
    "redirect": (lambda a, b: a.redirect(b.url()), 0),
    "idle": (lambda a, b: b.refuse(), -4 * REST),
}


def tell(story, feeding, relieving=None):
    """The key is pressed, and the press ends; the sites and the phone."""
    world = World()
    sites = [world.site(name) for name in "ABC"]
    for site in sites:
        site.idle_ms = HOUR  # what the phone does not close stays open
    relieving = relieving or Lines()
    phone = world.phone(*sites, agent=lambda *start: Cramped(real_agent(*start), feeding, relieving))
    behave, counts_at = STORIES[story]
    behave(*sites[:2])
    feeding.armed = counts_at <= 0
    world.run(max(0, -counts_at))
    feeding.armed = counts_at == 0
    before = sum(len(site.connects) for site in sites)
    phone.press("services")
    world.run(max(0, counts_at))
    feeding.armed = counts_at >= 0
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    asked = sum(len(site.connects) for site in sites) > before
    assert phone.screen.kind != "idle" or not asked, "the request was lost"
    return sites, phone


def tell_to_the_end(story, feeding, relieving=None):
    """No socket stayed behind, and the next key press finds its page, with all the sockets it needs."""
    sites, phone = tell(story, feeding, relieving)
    phone.wait_for(lambda: not any(site.connections for site in sites), within=30000)
    for site in sites:
        site.well()
    phone.world.run(4 * REST)
    sites[0].silent()
    sites[1].silent()
    phone.press("services")
    phone.wait_for("Services of C", within=FIRST_BYTE)


@pytest.mark.parametrize("story", STORIES)
def test_wherever_the_heap_is_full_a_key_press_ends_and_no_socket_stays_behind(story):
    seen = Lines()
    tell(story, seen)
    for line in list(seen.seen)[list(STORIES).index(story) % EVERY :: EVERY]:
        print("--- full at %s:%d" % line)
        tell_to_the_end(story, Lines(line))


@pytest.mark.parametrize("story", STORIES)
def test_the_same_where_there_is_no_room_to_make_room(story):
    seen = Lines()
    tell(story, seen)
    lines = list(seen.seen)
    for line in lines[len(lines) // 6 :: len(lines) // 3]:
        relieving = Lines(armed=True)
        tell(story, Lines(line), relieving)
        for second in list(relieving.seen)[list(STORIES).index(story) % EVERY :: EVERY]:
            print("--- full at %s:%d and %s:%d" % (line + second))
            tell_to_the_end(story, Lines(line), Lines(second, armed=True))


def settings(feeding):
    """The settings are opened; the phone."""
    world = World()
    sites = [world.site(name) for name in "AB"]
    phone = world.phone(*sites, agent=lambda *start: Cramped(real_agent(*start), feeding, Lines()))
    world.run(100)
    feeding.armed = True
    phone.press("settings")
    world.run(500)
    feeding.armed = False
    return phone


def test_a_page_of_the_phones_own_that_finds_no_room_says_so():
    seen = Lines()
    settings(seen)
    for line in list(seen.seen)[1:]:  # the first looks at what came, and takes nothing
        print("--- full at %s:%d" % line)
        phone = settings(Lines(line))
        assert phone.screen.title == "Settings" or "more memory" in phone.text(), phone.picture()
        phone.press("settings")
        phone.wait_for("Settings", within=500)
        phone.press("services")
        phone.wait_for("Services of A", within=1000)


def crashes(feeding, times):
    """The phone died `times` times while it showed A's page, and starts again; phone, sites."""
    world = World()
    sites = [world.site(name) for name in "AB"]
    phone = world.phone(*sites, agent=lambda *start: Cramped(real_agent(*start), feeding, Lines()))
    for time in range(times):
        phone.press("services")
        phone.wait_for("Services of", within=2000)
        feeding.armed = time == times - 1
        phone.restart("reset")
        feeding.armed = False
        world.run(1000)
    return phone, sites


@pytest.mark.parametrize("times", [1, 3])
def test_a_start_after_a_bad_end_finds_its_way_wherever_the_heap_is_full(times):
    seen = Lines()
    crashes(seen, times)
    assert seen.seen
    for line in list(seen.seen)[::EVERY]:
        print("--- full at %s:%d" % line)
        phone, _ = crashes(Lines(line), times)
        if times == 3:
            assert phone.screen.title == "Safe mode" or "Try again" in phone.screen.softkeys, phone.picture()
            continue
        phone.press("services")
        phone.wait_for("Services of", within=2000)
