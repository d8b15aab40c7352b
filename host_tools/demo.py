"""`everline demo`: a phone that survives its servers, told without hands in under a minute.

Real phone, real server processes, real sockets. Each step has a bound; the demo fails in words
with what was expected and what the screen showed.
"""

import json
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from host_tools.panel import PROMISE_SECONDS, Panel, screen_lines
from host_tools.phone import PhoneProcess
from host_tools.problem import Problem
from host_tools.world import World

# A server that failed is tried first again after this: short, because a demo has a minute.
REST_MS = 3000
# The phone's deadline for the first byte; a walk to the next server comes right after it.
FIRST_BYTE_MS = 2500
IDLE_SECONDS = 5.0
# A page from a server that answers. It is milliseconds; a loaded machine gets a second or two.
PAGE_SECONDS = 3.0
WALK_SECONDS = 3 * FIRST_BYTE_MS / 1000
PICTURE_SCALE = 2
STALE = "\u25f7 "  # stands before the title of a page that no server gave just now


class Demo:
    """The story. Each event goes to `tell` as a dict; Problem where a promise was not kept."""

    def __init__(self, out: Path, tell):
        self.out = out
        self._tell = tell
        self._start = time.monotonic()
        self._pictures = 0
        self._phone = None

    def play(self) -> None:
        """Tell the whole story."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            for old in self.out.glob("*.png"):
                old.unlink()
        except OSError as error:
            raise Problem("The folder %s can not be written: %s." % (self.out, error.strerror)) from error
        with World() as world:
            config = world.configuration({"rest_ms": REST_MS, "first_byte_ms": FIRST_BYTE_MS})
            self._event("world", "Servers A and B answer, at %s and %s." % (world["A"].url, world["B"].url))
            with PhoneProcess(config, on_line=self._account, on_event=self._account) as process, \
                    Panel.connect(*process.address) as self._phone:
                self._scenes(world)

    def _scenes(self, world) -> None:
        self._see("idle", "an idle screen", lambda s: s["kind"] == "idle" and not s["busy"], IDLE_SECONDS)
        self._press("A answers", _page("●", "A"), "a page from A", PAGE_SECONDS)
        self._world("A is frozen: it still takes connections and never answers.", world["A"].freeze)
        self._press("A is silent", _page("▲", "B"), "a page from B", WALK_SECONDS)
        self._press("B at once", _page("▲", "B"), "a page from B with no wait for A", PAGE_SECONDS)
        self._world("B is stopped as well: nobody answers.", world["B"].stop)
        self._press("nobody answers", _last_good, "the last good page with its age", PROMISE_SECONDS)
        self._world("A is back.", world["A"].start)
        time.sleep(REST_MS / 1000)
        self._press("A is back", _page("●", "A"), "a page from A", PAGE_SECONDS)

    def _press(self, name, promise, what, seconds) -> None:
        """Press the services key; the promised screen must stand within `seconds`."""
        # From the idle screen, so that what is seen afterwards was loaded by this key press.
        self._phone.press("soft2" if self._phone.screen["softkeys"][1] == "Exit" else "back")
        self._phone.settle()
        pressed = time.monotonic()
        self._phone.press("services")
        self._see(name, what, promise, seconds, pressed)

    def _see(self, name, what, promise, seconds, pressed=None) -> None:
        begun = pressed or time.monotonic()
        screen = self._phone.wait(lambda s: not s["busy"] and promise(s), seconds, what)
        took = round((time.monotonic() - begun) * 1000)
        self._phone.settle()
        self._pictures += 1
        picture = self.out / ("%d-%s.png" % (self._pictures, name.lower().replace(" ", "-")))
        self._phone.image(PICTURE_SCALE).save(picture)
        heading = screen["title"] or screen["label"]
        words = "The screen shows %s: %s %s, \"%s\"." % (what, screen["mark"], screen["label"], heading)
        if screen["mark"] not in ("●", "▲"):
            lines = [line.strip() for line in screen_lines(screen)[1:] if line.strip(" |")]
            words = "The screen shows %s: %s" % (what, " / ".join(lines))
        self._event("screen", words, ms=took if pressed else None, picture=str(picture), screen=screen)

    def _world(self, words, act) -> None:
        act()
        self._event("world", words)

    def _account(self, line) -> None:
        self._event("account", line.strip())

    def _event(self, kind, words, **more) -> None:
        at = round(time.monotonic() - self._start, 3)
        known = {name: value for name, value in more.items() if value is not None}
        self._tell({"at": at, "event": kind, "words": words, **known})


def _page(mark, label):
    return lambda s: s["kind"] == "menu" and (s["mark"], s["label"]) == (mark, label)


def _last_good(screen) -> bool:
    """The last page that a server gave, marked, with its age and why there is no fresh one."""
    marked = screen["mark"] == "✕" and screen["title"].startswith(STALE)
    return marked and screen["prompt"].startswith("From ")


def _print(console):
    styles = {"world": "bold", "screen": "green", "account": "dim", "end": "bold green", "failed": "bold red"}

    def tell(event) -> None:
        took = " (%d ms after the key)" % event["ms"] if "ms" in event else ""
        indent = "    " if event["event"] == "account" else ""
        line = "%6.2f s  %s%s%s" % (event["at"], indent, event["words"], took)
        console.print(Text(line, styles[event["event"]]), soft_wrap=True)
        if "picture" in event:
            console.print(Text("          " + event["picture"], "dim"), soft_wrap=True)
    return tell


def _print_json(event) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)


def demo(out: Path, as_json: bool) -> int:
    """Play the story and return the exit code: 0 only if every promise was kept."""
    tell = _print_json if as_json else _print(Console())
    begun = time.monotonic()
    try:
        Demo(out, tell).play()
    except Problem as problem:
        tell({"at": round(time.monotonic() - begun, 3), "event": "failed", "words": str(problem)})
        return 1
    seconds = round(time.monotonic() - begun, 3)
    tell({"at": seconds, "event": "end", "words": "Every promise was kept. The pictures are in %s." % out})
    return 0
