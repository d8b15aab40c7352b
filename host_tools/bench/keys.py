"""Key to finished frame: p50 and p99 of arrow keys while something else goes on.

One phone, four states, in rounds, so that each state has its share of a noisy minute:

    idle       a menu is on the screen
    hang       an item of it was opened, and its server is frozen
    dns        an item was opened whose name no name server knows, or says anything about
    stream     an item was opened that is a menu of a hundred items, and comes in small pieces

A phone may let arrows move the selection while it loads, or take them and do nothing. So idle is
measured twice: with keys that move the selection, and with Up on the first item, which moves nothing; a
state is compared with the one that does the same work, and its row says which.

p99 is that of the quietest round: what else the machine does only ever adds, and on a PC it is most of
what stands at the far end. What the phone does in one of a hundred keys is in every round. The p99 of all
rounds stands in the note.
"""

import random
import socket
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from host_tools.bench.person import Person
from host_tools.bench.rows import digits, judged, median, percentile, row, unmeasured
from host_tools.bench.stream import Stream
from host_tools.phone import PhoneProcess
from host_tools.problem import Problem
from host_tools.world import World

FIRST_PORT = 8321
MOST = 1.5
BOUND = "≤ %g x idle" % MOST
# The longest that the phone lets one wait, so that keys are pressed and not pages opened.
TIMERS = {"first_byte_ms": 10000, "request_ms": 30000, "patience_ms": 9500}
# Longer than a frame takes, and not a multiple of the stream's pieces.
PAUSE_MS = (4, 17)
ROUNDS, KEYS = 6, 100
QUICK_ROUNDS, QUICK_KEYS = 2, 30
BUSY_SECONDS = 2.0  # "Asking A ..." comes with the next frame
# A phone that does not stay in a state (a name that is given up after a second) is asked for it so often.
TRIES = 8
ITEMS = ("Hang", "Name", "Stream", "Four", "Five", "Six")
STILL = "idle, nothing moves"
STATES = {"idle": None, STILL: None, "hang": "Hang", "dns": "Name", "stream": "Stream"}
NAMES = {"hang": "a fetch hangs", "dns": "DNS is silent", "stream": "100 items stream in"}


class Keys:
    """The rounds; took[state] is a list of rounds, each a list of ms."""

    def __init__(self, person, write_menu, name_server):
        self.person = person
        self.name_server = name_server
        self.took = {}
        self.moves = {}  # state -> whether the last arrow changed the screen
        self._write_menu = write_menu
        self._menus = 0
        self._random = random.Random(3)

    def round(self, state, count) -> None:
        """Press `count` arrows in the state."""
        self._menu()
        self._press_all(8, lambda: True, "down")  # the letters and the lines of the menu are warm now
        self._menu()
        took, item = [], STATES[state]
        for _ in range(TRIES):
            if item:
                self._begin(item)
            before = self.person.screen["selected"]
            took += self._press_all(count - len(took), lambda: bool(item) == self.person.screen["busy"],
                                    "up" if state == STILL else "down")
            self.moves[state] = self.moves.get(state) or self._moved not in (None, before)
            if len(took) >= count:
                break
            self._menu()
        self.took.setdefault(state, []).append(took)

    def _press_all(self, count, holds, first) -> list:
        """ms of each key; up and down in turn, or Up alone; until the state no longer holds."""
        took, key = [], first
        self._moved = None  # the selection after the first key
        for _ in range(count):
            time.sleep(self._random.uniform(*PAUSE_MS) / 1000)
            self.person.rest(0.001)
            if not holds():
                break
            ms = self.person.press(key)
            if not holds():
                break  # the state ended under this key
            took.append(ms)
            if self._moved is None:
                self._moved = self.person.screen["selected"]
            key = "up" if first == "up" or key == "down" else "down"
        return took

    def _menu(self) -> None:
        """The menu, with its first item selected."""
        self.person.home()
        self._menus += 1
        self._write_menu("nobody%d.example" % self._menus)  # a phone remembers whom no one knows
        self.person.press("services", lambda screen: screen["kind"] == "menu" and not screen["busy"])
        self.person.rest()

    def _begin(self, item) -> None:
        """Open an item, by the arrows, and see that the phone is waiting for it."""
        for _ in range(ITEMS.index(item)):
            self.person.press("down")
        try:
            self.person.press("select", lambda screen: screen["busy"], BUSY_SECONDS)
        except Problem as problem:
            said = " ".join(row["text"] for row in self.person.screen["rows"])
            raise Problem("The phone did not wait there, but said: %s" % said) from problem


def _menu(path, hang, stream, name) -> None:
    """Write a menu whose items lead into each of the states."""
    links = {"Hang": hang + "menu.xml", "Name": "http://%s/menu.xml" % name, "Stream": stream}
    items = "".join("<MenuItem><Name>%s</Name><URL>%s</URL></MenuItem>" % (name, links.get(name, "menu.xml"))
                    for name in ITEMS)
    text = "<CiscoIPPhoneMenu><Title>Keys</Title><Prompt>Press</Prompt>%s</CiscoIPPhoneMenu>" % items
    (Path(path) / "menu.xml").write_text(text, encoding="utf-8")


@contextmanager
def _ward():
    with tempfile.TemporaryDirectory(prefix="everline-") as folder, Stream() as stream, \
            World([folder], first_port=FIRST_PORT, cache_control="no-store") as world, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as name_server:
        world["B"].freeze()
        name_server.bind(("127.0.0.1", 0))
        name_server.setblocking(False)
        config = world.configuration(TIMERS)
        config["homes"] = config["homes"][:1]  # B is where a link hangs, and no way round it
        config["dns"] = {"servers": ["127.0.0.1:%d" % name_server.getsockname()[1]]}
        with PhoneProcess(config) as phone, Person(phone.address) as person:
            yield Keys(person, partial(_menu, folder, world["B"].url, stream.url), name_server)


def measure(quick=False) -> list:
    """The rows."""
    rounds, count = (QUICK_ROUNDS, QUICK_KEYS) if quick else (ROUNDS, KEYS)
    failed = {}
    with _ward() as keys:
        for _ in range(rounds):
            for state in STATES:
                try:
                    if state not in failed:
                        keys.round(state, count)
                except Problem as problem:
                    failed[state] = str(problem)
        asked = _asked(keys.name_server)
    return _rows(keys, failed, asked)


def _asked(name_server) -> bool:
    try:
        return bool(name_server.recv(512))
    except OSError:
        return False


def _p99(rounds) -> float:
    return min([percentile(took, 0.99) for took in rounds if took])


def _rows(keys, failed, asked) -> list:
    rows = [_row(state, keys.took[state]) for state in ("idle", STILL) if state not in failed]
    for state, name in NAMES.items():
        took = keys.took.get(state, [])
        alike = "idle" if keys.moves.get(state) else STILL
        if state in failed or alike in failed or not any(took):
            why = failed.get(state) or failed.get(alike) or "The phone did not stay in this state for a key."
            rows.append(unmeasured(name + ": p99", why, BOUND))
            continue
        made = _row(name, took)
        made["ratio"] = _p99(took) / _p99(keys.took[alike])
        made["note"] += "; compared with: %s" % alike
        if state == "dns" and not asked:
            made["note"] += "; the silent name server is the network's, since the phone did not ask ours"
        rows.append(judged(made, made["ratio"], MOST, BOUND))
    return rows


def _row(name, rounds) -> dict:
    values = [ms for took in rounds for ms in took]
    note = "p50 %s ms; of all rounds p99 %s ms, worst %s ms" \
           % (digits(median(values)), digits(percentile(values, 0.99)), digits(max(values)))
    return row(name + ": p99", _p99(rounds), "ms", values, note=note)
