"""Time to page: from the key `services` on the idle screen to the finished frame with the menu.

A real phone, real sites, real failures, turn by turn, so that a noisy minute hits the healthy fetch and the
faulty one alike:

    refused    A answers, twice | A is killed | refused, not known yet | known, twice | A is started, warmed
    silent     a new phone | A answers, ten times, the last two count | A is frozen | silent, not known yet
    nobody     A answers | A and B are frozen | the last good page, out of the cache

The pages of the first two are not to be kept (no-store): it is the fetch that is measured.
A phone that has met a silent server is not the same afterwards: it rests the server, and asks a second one
beside a first only so often. So each turn of the second kind has a phone of its own.

A ratio is the median of the turns' own ratios, each of what is a second apart: a machine that is slow for
ten turns is so for both sides. The peer fetches the same page in the same turns.
"""

import json
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from host_tools import children
from host_tools.bench.person import Person
from host_tools.bench.rows import digits, judged, median, row
from host_tools.phone import PhoneProcess, interpreter
from host_tools.problem import Problem
from host_tools.world import World

FIRST_PORT = 8631
ANSWER_SECONDS = 40.0  # for a server that was just started on a loaded machine
PAUSE_SECONDS = 0.05
# The least delay before a second server is asked beside a silent one: a server of this machine answers in
# a few milliseconds, so its p95 is far below the clamp.
HEDGE_MS = 250
RUNS = 30  # turns around a killed server
WARM_PRESSES = 10  # the phone's letters, and what it learns of how quick A is
# What one who compares has to wait for: the silent peer takes 5 s a run, a phone without hedging 2.5 s.
SILENT_SECONDS, SILENT_RUNS_MOST, SILENT_RUNS_LEAST = 30.0, 30, 6
PEER_SILENT_RUNS = 3
# aiohttp is quick from about the twentieth request on; a server that was just started gets them.
WARM_REQUESTS = 20

STALE = "\u25f7"  # before the title of a page that no server gave just now
OLD_RUNS = 15

KNOWN, REFUSED, SILENT, OLD = 1.15, 1.3, 1.5, 1.0


class Peer:
    """host_tools/bench/peer.py in a process of its own."""

    def __init__(self):
        script = Path(__file__).with_name("peer.py")
        self._child = children.spawn([interpreter(), str(script)], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_) -> None:
        self._child.kill()
        self._child.wait()
        self._child.stdin.close()
        self._child.stdout.close()

    def fetch(self, urls) -> float:
        """ms until it had a page from one of them."""
        try:
            self._child.stdin.write(json.dumps(urls) + "\n")
            self._child.stdin.flush()
            said = json.loads(self._child.stdout.readline())
        except (OSError, ValueError) as error:
            raise Problem("The peer (bench/peer.py) does not run under %s." % interpreter()) from error
        if not said["url"]:
            raise Problem("The peer got a page from nobody.")
        return said["ms"]


class Pages:
    """The turns, and the times they took: name -> ms of each run. `person`: at the phone of this turn."""

    def __init__(self, world, peer):
        self.world, self.peer = world, peer
        self.person = None
        self.took = {}
        self.ratios = {}  # name -> the ratio to healthy of each turn
        self.urls = [world[name].url + "menu.xml" for name in "AB"]

    def key(self, name, label) -> None:
        """Open the services from the idle screen; the menu of `label` comes."""
        self._note(name, self._open(lambda screen: screen["label"] == label))

    def beside(self, name) -> None:
        self._note("peer " + name, self.peer.fetch(self.urls))

    def begin(self) -> None:
        """Both servers and the letters of a new phone are warm, and A serves it."""
        for url in self.urls:
            self._warm(url)
        for _ in range(WARM_PRESSES):
            self.key("warm", "A")

    def refused(self) -> None:
        """One turn around a killed server, on a phone that has just met it."""
        with self.phone():
            self.begin()
            for _ in range(2):
                self.key("healthy", "A")
            self.beside("healthy")
            self.world["A"].stop()
            self.key("refused", "B")
            for _ in range(2):
                self.key("known", "B")
            self.beside("refused")
        healthy = self._last("healthy", 2)
        self._ratio("known", self._last("known", 2) / healthy)
        self._ratio("refused", self._last("refused", 1) / healthy)
        self.world["A"].start()

    def silent(self, with_peer) -> None:
        """One turn around a frozen server, on a phone that has just met it."""
        with self.phone():
            for turn in range(WARM_PRESSES):
                self.key("healthy beside silent" if turn >= WARM_PRESSES - 2 else "warm", "A")
            self.world["A"].freeze()
            self.key("silent", "B")
        beyond = self._last("silent", 1) - HEDGE_MS
        self._ratio("silent", beyond / self._last("healthy beside silent", 2))
        if with_peer:
            self.beside("silent")
        self.world["A"].start()

    def nobody(self, runs) -> None:
        """Turns of a phone whose servers fall silent; they do not forbid it to keep their pages."""
        with self.phone():
            self.begin()
            for _ in range(runs):
                self.key("healthy beside old", "A")
                for server in self.world.servers.values():
                    server.freeze()
                self._note("old", self._open(lambda screen: screen["title"].startswith(STALE), True))
                for server in self.world.servers.values():
                    server.start()
                self.person.wait(lambda screen: not screen["busy"], ANSWER_SECONDS)
        self._ratio("old", median(self.took["old"]) / median(self.took["healthy beside old"]))

    @contextmanager
    def phone(self):
        """A new phone, and the person at it."""
        with PhoneProcess(self.world.configuration()) as phone, \
                Person(phone.address) as self.person:
            yield

    def _open(self, shows, busy=False) -> float:
        self.person.home()
        time.sleep(PAUSE_SECONDS)
        return self.person.press("services", lambda s: s["kind"] == "menu" and s["busy"] == busy and shows(s))

    def _warm(self, url) -> None:
        for _ in range(WARM_REQUESTS):
            with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:
                answer.read()

    def _last(self, name, count) -> float:
        return median(self.took[name][-count:])

    def _ratio(self, name, ratio) -> None:
        self.ratios.setdefault(name, []).append(ratio)

    def _note(self, name, ms) -> None:
        self.took.setdefault(name, []).append(ms)


def measure(quick=False) -> list:
    """The rows."""
    with World(first_port=FIRST_PORT, cache_control="no-store") as world, Peer() as peer:
        pages = Pages(world, peer)
        for _ in range(3 if quick else RUNS):
            pages.refused()
        stop = time.monotonic() + (0 if quick else SILENT_SECONDS)
        for turn in range(SILENT_RUNS_MOST):
            pages.silent(turn < (1 if quick else PEER_SILENT_RUNS))
            if time.monotonic() > stop and turn + 1 >= (1 if quick else SILENT_RUNS_LEAST):
                break
    with World(first_port=FIRST_PORT) as world:
        old = Pages(world, None)
        old.nobody(3 if quick else OLD_RUNS)
    pages.took.update({name: old.took[name] for name in ("old", "healthy beside old")})
    pages.ratios.update(old.ratios)
    return _rows(pages.took, {name: median(found) for name, found in pages.ratios.items()})


def _rows(took, ratios) -> list:
    peer = took["peer refused"]
    kept = row("nobody answers: the last good page", median(took["old"]), "ms", took["old"],
               ratio=ratios["old"],
               note="out of the cache, while both servers are asked; compared with a fetch beside it")
    bounds = ("≤ %g x well" % KNOWN, "≤ %g x well" % REFUSED, "≤ %d ms + %g x well" % (HEDGE_MS, SILENT))
    rows = [
        _row("first server well", took["healthy"], took["peer healthy"]),
        judged(_row("first server known dead", took["known"], peer, ratios["known"]),
               ratios["known"], KNOWN, bounds[0]),
        judged(_row("first server refuses, unknown", took["refused"], peer, ratios["refused"]),
               ratios["refused"], REFUSED, bounds[1]),
        judged(_row("first server silent, unknown", took["silent"], took["peer silent"], ratios["silent"]),
               ratios["silent"], SILENT, bounds[2]),
    ]
    rows[-1]["note"] += "; the ratio is without the %d ms" % HEDGE_MS
    return [*rows, judged(kept, ratios["old"], OLD, "≤ %g x well" % OLD)]


def _row(name, values, peer, ratio=None) -> dict:
    runs = "%d run%s" % (len(peer), "s" if len(peer) > 1 else "")
    note = "peer: %s ms (%s; it draws nothing)" % (digits(median(peer)), runs)
    return row(name, median(values), "ms", values, ratio=ratio, note=note)
