"""The harness itself: it finds the faults that it is there to find. A stand-in plays the agent."""

from collections import namedtuple

import pytest

from phone import events
from tests.story.world import Broken, Malformed, World

FIELDS = "kind mark label clock title rows first total selected prompt busy softkeys"
Screen = namedtuple("Screen", FIELDS)
REQUEST = (b"GET /menu.xml HTTP/1.1\r\nHost: a\r\n", b"\r\n")
PATIENCE_MS = 2500


class Simple:
    """Asks one host after the other for a page, and shows its title."""

    def __init__(self, *hosts):
        self.hosts, self.left = hosts, []
        self.conn, self.late, self.title, self.page = 0, None, "idle", b""
        self.views = []  # kept on purpose

    def feed(self, event, now):
        kind = type(event)
        if kind is events.Key and event.down:
            self.left = list(self.hosts)
            return self._next(now)
        if kind is events.Opened:
            return [events.Write(self.conn, iter(REQUEST))]
        if kind is events.Received:
            self.views.append(event.view)
            self.page += bytes(event.view)
            if b"</Cisco" not in self.page:
                return []
            self.title = self.page.partition(b"<Title>")[2].partition(b"<")[0].decode()
            self.late = None
            return [events.Close(self.conn)]
        if kind is events.Closed:
            return self._next(now)
        if kind is events.Tick and self.late is not None and now >= self.late:
            return [events.Close(self.conn), *self._next(now)]
        return []

    def _next(self, now):
        self.page, self.late, self.title = b"", None, "nobody"
        if not self.left:
            return []
        self.conn, self.late, self.title = self.conn + 1, now + PATIENCE_MS, "asking"
        return [events.Open(self.conn, (self.left.pop(0), 80), "")]

    def deadline(self):
        return self.late

    def work(self):
        return False

    idle = work

    def mark(self, conn, now):
        return None

    def paint(self, canvas):
        return None

    def screen(self):
        return Screen("text", "", "", "", self.title, (), 0, 0, -1, "", self.title == "asking", ("",) * 4)


class Scene:
    def __init__(self, seed=1):
        self.world = World(seed)
        self.a, self.b = self.world.site("A"), self.world.site("B")
        self.agent = Simple(self.a.host, self.b.host)
        self.phone = self.world.phone(self.a, self.b, agent=lambda phone, cause: self.agent)


FAULTS = "refuse unreachable blackhole silent freeze slow garbage endless_header cut".split()


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_one(fault):
    scene = Scene()
    getattr(scene.a, fault)()
    scene.phone.press("services")
    scene.phone.wait_for("Services of B", within=PATIENCE_MS + 200)
    scene.a.well()
    scene.phone.press("services")
    scene.phone.wait_for("Services of A", within=200)
    scene.world.run(1000)
    assert not scene.a.connections and not scene.b.connections


def test_the_same_seed_tells_the_same_story():
    def story(seed):
        scene = Scene(seed)
        scene.phone.press("services")
        scene.phone.wait_for("Services of A")
        return scene.world.log

    assert story(5) == story(5) != story(6)


def test_a_view_that_is_kept_holds_rubbish():
    scene = Scene()
    scene.phone.press("services")
    scene.phone.wait_for("Services of A")
    assert scene.agent.views
    assert all(bytes(view) == b"\xa5" * len(view) for view in scene.agent.views)


def test_nothing_is_heard_of_a_closed_connection():
    scene = Scene()
    scene.agent.deadline = lambda: None
    scene.phone.press("services")
    scene.phone.feed(events.Key("back", False))
    scene.phone._do_close(1)
    scene.world.run(5000)
    assert scene.agent.title == "asking" and not scene.a.connections


def test_a_pulled_cable_delays_what_is_under_way():
    scene = Scene()
    scene.phone.press("services")
    scene.world.run(1)
    scene.phone.network(False)
    scene.world.run(1000)
    scene.phone.network(True)
    assert scene.phone.wait_for("Services of A", within=PATIENCE_MS) < 500


@pytest.mark.parametrize(
    "effects, words",
    [
        ([events.Open(1, ("a.example", 80), "")], "IPv4 literal"),
        ([events.Open(1, ("10.0.0.1", 80), ""), events.Open(1, ("10.0.0.1", 80), "")], "used before"),
        ([events.Open(n, ("10.0.0.1", 80), "") for n in range(1, 12)], "sockets"),
        ([events.Open(1, ("10.0.0.1", 80), ""), events.Write(1, b"x")], "before Opened"),
        ([events.Write(3, b"x")], "never opened"),
        ([events.Tick()], "no effect"),
        (None, "returned None"),
    ],
)
def test_an_effect_that_breaks_the_contract_is_found(effects, words):
    scene = Scene()
    scene.agent.feed = lambda event, now: effects
    with pytest.raises(Broken, match=words):
        scene.phone.press("services")


def test_a_deadline_in_the_past_is_a_busy_loop():
    scene = Scene()
    scene.agent.late = scene.world.now - 1
    scene.agent.feed = lambda event, now: []
    scene.phone.press("services")
    with pytest.raises(Broken, match="busy loop"):
        scene.world.run(1)


def test_ticks_without_end_are_a_busy_loop():
    scene = Scene()
    scene.agent.feed = lambda event, now: [events.Note("tick")]
    scene.agent.deadline = lambda: scene.world.now
    scene.phone.press("services")
    with pytest.raises(Broken, match="busy loop"):
        scene.world.run(1)


def test_a_request_that_is_none_is_found():
    scene = Scene()
    scene.agent.feed = lambda event, now: {
        events.Key: [events.Open(1, ("10.0.0.1", 80), "")],
        events.Opened: [events.Write(1, b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")],
    }.get(type(event), [])
    scene.phone.press("services")
    with pytest.raises(Malformed):
        scene.world.run(1000)


def test_the_name_server_answers_a_plain_question():
    scene = Scene()
    scene.world.names.table["a.example"] = ["10.0.0.1"]
    question = b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\1a\7example\0\0\1\0\1"
    heard = []
    scene.agent.feed = lambda event, now: (
        heard.append(event.data) or []
        if isinstance(event, events.Datagram)
        else [events.SendTo(question, ("10.0.0.53", 53), 0)]
        if isinstance(event, events.Key) and event.down
        else []
    )
    scene.phone.press("services")
    scene.world.run(100)
    assert heard[0][:8] == b"\x12\x34\x81\x80\0\1\0\1" and heard[0].endswith(b"\0\4\x0a\0\0\1")
    scene.world.names.mode = "nxdomain"
    scene.phone.press("services")
    scene.world.run(100)
    assert heard[1][:8] == b"\x12\x34\x81\x83\0\1\0\0"
