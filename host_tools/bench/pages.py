"""Time to page: from the key `services` on the idle screen to the finished frame with the menu.

A real phone, real sites, real failures, turn by turn on one phone, so that a noisy minute hits the healthy
fetch and the faulty one alike:

    refused    A answers, twice | A is killed | refused, not known yet | known, twice | A is started, warmed
    silent     A answers        | A is frozen | silent, not known yet                 | A goes on

The peer fetches the same page in the same turns.
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

FIRST_PORT = 8301
# A page that is back on its own server within a second lets the bench go on; longer than a press of a
# known failure takes, or that would not be one.
REST_MS = 1000
RECOVERY_SECONDS = 40.0  # a probe comes every half minute: a phone that needs one gets it
PAUSE_SECONDS = 0.05
# The least delay before a second server is asked beside a silent one: a server of this machine answers in
# a few milliseconds, so its p95 is far below the clamp.
HEDGE_MS = 250
# What one who compares has to wait for: the silent peer takes 5 s a run, a phone without hedging 2.5 s.
SILENT_SECONDS = 25.0
PEER_SILENT_RUNS = 3
# aiohttp is quick from about the twentieth request on; B has had more than that, so A gets them too.
WARM_REQUESTS = 20

KNOWN, REFUSED, SILENT = 1.15, 1.3, 1.5


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
    """The turns, and the times they took: name -> ms of each run."""

    def __init__(self, world, person, peer):
        self.world, self.person, self.peer = world, person, peer
        self.took = {}
        self.urls = [world[name].url + "menu.xml" for name in "AB"]

    def key(self, name, label) -> None:
        """Open the services from the idle screen; the menu of `label` comes."""
        self._note(name, self._open(lambda screen: screen["label"] == label))

    def beside(self, name) -> None:
        self._note("peer " + name, self.peer.fetch(self.urls))

    def recover(self) -> None:
        """A answers again: press until the phone is back with it."""
        late = time.monotonic() + RECOVERY_SECONDS
        for _ in range(WARM_REQUESTS):
            with urllib.request.urlopen(self.urls[0], timeout=RECOVERY_SECONDS) as answer:
                answer.read()
        while time.monotonic() < late:
            self._open(lambda screen: True)
            if self.person.screen["label"] == "A":
                return
            time.sleep(PAUSE_SECONDS * 4)
        raise Problem("A answers again, but the phone did not go back to it within %g s." % RECOVERY_SECONDS)

    def refused(self) -> None:
        """One turn around a killed server."""
        for _ in range(2):
            self.key("healthy", "A")
        self.beside("healthy")
        self.world["A"].stop()
        self.key("refused", "B")
        for _ in range(2):
            self.key("known", "B")
        self.beside("refused")
        self.world["A"].start()
        self.recover()

    def silent(self, with_peer) -> None:
        """One turn around a frozen server."""
        self.key("healthy beside silent", "A")
        self.world["A"].freeze()
        self.key("silent", "B")
        if with_peer:
            self.beside("silent")
        self.world["A"].start()
        self.recover()

    def _open(self, shows) -> float:
        self.person.home()
        time.sleep(PAUSE_SECONDS)
        return self.person.press("services", lambda s: s["kind"] == "menu" and not s["busy"] and shows(s))

    def _note(self, name, ms) -> None:
        self.took.setdefault(name, []).append(ms)


@contextmanager
def _ward():
    with World(first_port=FIRST_PORT) as world, Peer() as peer, \
            PhoneProcess(world.configuration({"rest_ms": REST_MS})) as phone, Person(phone.address) as person:
        yield Pages(world, person, peer)


def measure(quick=False) -> list:
    """The rows."""
    with _ward() as pages:
        for _ in range(3):  # both servers, and the letters of the phone
            pages.recover()
        for _ in range(3 if quick else 30):
            pages.refused()
        stop = time.monotonic() + (0 if quick else SILENT_SECONDS)
        for turn in range(30):
            pages.silent(turn < (1 if quick else PEER_SILENT_RUNS))
            if time.monotonic() > stop and turn >= (0 if quick else 7):
                break
    return _rows(pages.took)


def _rows(took) -> list:
    healthy = median(took["healthy"])
    beside = median(took["healthy beside silent"])
    silent = median(took["silent"])
    peer = took["peer refused"]
    rows = [
        _row("page from the first server", took["healthy"], took["peer healthy"]),
        _row("first server known to be dead", took["known"], peer, healthy, KNOWN),
        _row("first server refuses, not known yet", took["refused"], peer, healthy, REFUSED),
    ]
    last = _row("first server silent, not known yet", took["silent"], took["peer silent"])
    last["ratio"] = (silent - HEDGE_MS) / beside
    bound = "at most %d ms + %g x healthy" % (HEDGE_MS, SILENT)
    last = judged(last, last["ratio"], SILENT, bound)
    last["note"] += "; the ratio is without the %d ms" % HEDGE_MS
    return [*rows, last]


def _row(name, values, peer, healthy=None, most=None) -> dict:
    note = "peer: %s ms (%d runs, it draws nothing)" % (digits(median(peer)), len(peer))
    made = row(name, median(values), "ms", values, note=note)
    if healthy is None:
        return made
    made["ratio"] = made["value"] / healthy
    return judged(made, made["ratio"], most, "at most %g x healthy" % most)
