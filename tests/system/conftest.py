"""A real phone (built .mpy, the heap of a stock ESP32) and real site processes, over real sockets.

Ports are taken from those that are free, so that the tests run beside a `make run`.
"""

import os
import time
from pathlib import Path

import pytest

from host_tools.panel import Panel
from host_tools.phone import SMALL_HEAP, PhoneProcess
from host_tools.world import World

# Short, so that the tests are; the promise under test is three times the deadline that applies.
TIMERS = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 1500, "patience_ms": 6000, "rest_ms": 800}


class Ward:
    """One phone and two servers, A before B."""

    def __init__(self, world, phone, panel):
        self.world = world
        self.phone = phone
        self.panel = panel

    def press(self, *keys):
        for key in keys:
            self.panel.press(key)

    def page_of(self, name, within_ms):
        """Wait until the services menu of that server is on the screen; seconds that it took."""
        begun = time.monotonic()
        self.panel.wait(
            lambda screen: not screen["busy"] and screen["label"] == name and screen["kind"] == "menu",
            within_ms / 1000,
            "the menu of %s" % name,
        )
        return time.monotonic() - begun

    def sockets(self):
        """How many sockets and files the phone has open."""
        return len(os.listdir("/proc/%d/fd" % self.phone._child.pid))

    def text(self):
        return self.panel.text()


@pytest.fixture(scope="module")
def world():
    with World(first_port=8101) as made:
        yield made


@pytest.fixture(scope="module")
def named_world():
    """The same with names and a name server."""
    with World(first_port=8181, names=True) as made:
        yield made


def well(world):
    """Everything answers at once."""
    for server in world.servers.values():
        server.line(0, 0)
        server.start()
    if world.names:
        world.names.mode("well")
        world.names.questions.clear()


@pytest.fixture
def start(world):
    """start(timers, **options) -> Ward; everything answers well at first."""
    yield from starting(world)


@pytest.fixture
def start_named(named_world):
    """The same in the world with names."""
    yield from starting(named_world)


def starting(world):
    """What both do."""
    wards = []

    def starter(timers=None, config=None, **options):
        well(world)
        phone = PhoneProcess(
            config or world.configuration({**TIMERS, **(timers or {})}), **{"heap": SMALL_HEAP, **options}
        )
        host, port = phone.start()
        wards.append(Ward(world, phone, Panel.connect(host, port)))
        return wards[-1]

    yield starter
    for ward in wards:
        ward.panel.close()
        ward.phone.stop()


@pytest.fixture
def ward(start):
    return start()


@pytest.fixture(scope="session")
def root():
    return Path(__file__).parents[2]
