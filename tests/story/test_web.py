"""The phone's own pages and the time of day: servers are down, requests hang, visitors are rude."""

import json
import struct

import pytest

from phone import events
from tests.story.test_rooms import Cramped, Lines
from tests.story.test_walk import FIRST_BYTE, PROMISE
from tests.story.visitor import Visitor
from tests.story.world import SOME_DAY, World, homes, real_agent

QUICK = 300  # ms in which a page is made and taken
PATHS = ("/", "/status.json", "/metrics", "/DeviceInformationX", "/NetworkConfigurationX")


def phone_of(world, *sites, **more):
    """A phone with status pages."""
    raw = homes(*sites)
    raw["push"] = {"port": 8080, "user": "eve", "password": "pass"}
    raw.update(more.pop("config", {}))
    return world.phone(config=raw, **more)


def get(phone, path, more=""):
    visitor = Visitor(phone)
    visitor.ask(path, more)
    phone.wait_for(lambda: visitor.whole, within=QUICK)
    return visitor


def state(phone):
    return json.loads(get(phone, "/status.json").body)


def test_a_phone_without_a_port_does_not_listen(world):
    phone = world.phone(world.site("A"))
    world.run(1000)
    assert phone.port is None


def test_the_pages_work_while_every_server_is_down(world):
    a, b = world.site("A"), world.site("B")
    phone = phone_of(world, a, b)
    a.refuse()
    b.silent()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    for path in PATHS:
        assert get(phone, path).status == 200, path
    one, two = state(phone)["servers"]
    assert (one["state"], one["reason"]) == ("unwell", "refused the connection") and not one["serving"]
    assert two["state"] == "unwell" and "does not answer" in two["reason"]


def test_the_pages_work_while_a_request_hangs_and_do_not_disturb_it(world):
    a = world.site("A")
    phone = phone_of(world, a)
    a.late(FIRST_BYTE - 200)
    begun = world.now
    phone.press("services")
    world.run(300)
    assert phone.screen.busy
    for path in PATHS:
        assert get(phone, path).status == 200 and phone.screen.busy
    phone.wait_for("Services of A", within=FIRST_BYTE)
    assert world.now - begun < FIRST_BYTE + 100
    assert state(phone)["requests"]["page"] == 1 and state(phone)["servers"][0]["serving"]


def test_failing_over_is_seen_on_the_pages(world):
    a, b = world.site("A"), world.site("B")
    phone = phone_of(world, a, b)
    phone.press("services")
    phone.wait_for("Services of A")
    told = get(phone, "/metrics").body
    assert b'everline_server_serving{server="A",site="http://10.0.0.1",place="primary"} 1' in told
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B")
    told = get(phone, "/metrics").body
    assert b'everline_server_serving{server="B",site="http://10.0.0.2",place="backup"} 1' in told
    assert b'everline_server_well{server="A",site="http://10.0.0.1",place="primary"} 0' in told


def test_rude_visitors_do_not_keep_a_key_waiting(world):
    phone = phone_of(world, world.site("A"))
    rude = []
    for _ in range(100):
        rude.append(Visitor(phone, reads=False))
        rude[-1].send(b"GET / HT" if len(rude) % 2 else b"\x16\x03\x01\x00\xff" * 100)
    assert len(phone.visitors) <= 3
    phone.press("services")
    assert phone.wait_for("Services of A") < QUICK
    world.run(1100)
    assert get(phone, "/").status == 200, "who comes to the point is served"
    world.run(40000)
    assert not phone.visitors


def test_the_screen_is_not_shown_to_who_has_no_password(world):
    phone = phone_of(world, world.site("A"))
    assert get(phone, "/CGI/Screenshot").status == 401
    assert get(phone, "/CGI/Screenshot", "Authorization: Basic ZXZlOg==\r\n").status == 401
    world.run(1000)
    # The canvas of a story keeps no pixels.
    assert get(phone, "/CGI/Screenshot", "Authorization: Basic ZXZlOnBhc3M=\r\n").status == 404


def test_the_network_goes_and_comes(world):
    phone = phone_of(world, world.site("A"))
    visitor = Visitor(phone)
    phone.network(False)
    assert visitor.gone and not phone.visitors
    phone.network(True)
    assert state(phone)["network"]["up"] is True


def test_a_port_that_is_taken_is_asked_for_again(world):
    phone = phone_of(world, world.site("A"))
    world.run(100)
    phone.port = None
    phone.feed(events.Closed(events.TAKEN, events.REFUSED))
    assert phone.said("port 8080 is taken")
    phone.wait_for(lambda: phone.port == 8080, within=61000)
    phone.press("services")
    phone.wait_for("Services of A")


# --- wherever the heap is full ----------------------------------------------------------------------------


class Visited(Cramped):
    """Visitors' connections were opened by no effect."""

    def _is_known(self, effect):
        return getattr(effect, "conn", 0) < 0 or super()._is_known(effect)


def visit_all(feeding):
    """All pages are asked for, while the heap is full at one line; whoever was inside is out in the end."""
    world = World()
    a = world.site("A")
    phone = phone_of(world, a, agent=lambda *start: Visited(real_agent(*start), feeding, Lines()))
    phone.press("services")
    phone.wait_for("Services of A")
    feeding.armed = True
    visitors = []
    for path in (*PATHS, "/CGI/Screenshot", "/nothing"):
        visitors.append(Visitor(phone))
        visitors[-1].ask(path)
        world.run(50)
        visitors[-1].leave()
    for url in (a.url("/news.xml"), "Key:Settings"):
        visitors.append(Visitor(phone).push(url))
        world.run(50)
        visitors[-1].leave()
    for _ in range(4):
        visitors.append(Visitor(phone, reads=False))
    world.run(13000)  # the head, the refusal
    feeding.armed = False
    assert not phone.visitors, "a socket stayed behind"
    assert get(phone, "/status.json").status == 200
    phone.press("services")
    phone.wait_for("Services of A")
    return phone


def test_wherever_the_heap_is_full_visitors_leave_no_socket_behind():
    seen = Lines()
    visit_all(seen)
    files = ("/core/door", "/core/push.", "/core/pushed", "/core/errands", "/core/execute", "/core/uris",
             "/core/porter", "/core/pending")  # fmt: skip
    lines = [line for line in seen.seen if any(file in line[0] for file in files)]
    assert len(lines) > 90
    for line in lines:
        print("--- full at %s:%d" % line)
        phone = visit_all(Lines(line))
        assert "Services of A" in phone.text()


# --- the time of day --------------------------------------------------------------------------------------


class Clock:
    """A time server at 10.0.0.123."""

    def __init__(self, world):
        self.world, self.asked, self.off, self.silent = world, 0, 0, False
        world.listeners["10.0.0.123", 123] = self.receive

    def receive(self, data, whence):
        assert len(data) == 48 and data[0] == 0x23
        self.asked += 1
        if self.silent:
            return None
        seconds = int(self.world.wall()) + self.off + 2208988800
        when = struct.pack(">II", seconds, 0)
        return bytes((0x24, 1, 6, 0xEC)) + bytes(12) + when + data[40:48] + when + when


@pytest.fixture
def clock(world):
    return Clock(world)


def timed(world, *sites, **more):
    return phone_of(world, *sites, config={"clock": {"servers": ["10.0.0.123"]}}, **more)


def test_the_time_is_known_without_any_page(world, clock):
    phone = timed(world, world.site("A"))
    assert phone.screen.clock == "--:--" and state(phone)["time"] is None
    world.run(6000)
    assert phone.screen.clock != "--:--" and state(phone)["time_source"] == "sntp"
    assert abs(world.wall() - SOME_DAY) < 60 and clock.asked == 1
    world.run(86400000)
    assert 24 <= clock.asked <= 31


def test_a_time_server_is_believed_more_than_a_page(world, clock):
    a = world.site("A")
    clock.silent = True
    phone = timed(world, a)
    a.headers["Date"] = "Mon, 21 Dec 2026 10:00:00 GMT"
    phone.press("services")
    phone.wait_for("Services of A")
    assert phone.screen.clock == "10:00" and phone.said("No time server answers") is False
    clock.silent = False
    world.run(60000)
    assert phone.screen.clock.startswith("14:") or phone.screen.clock.startswith("13:"), phone.screen.clock
    assert state(phone)["time_source"] == "sntp"
    phone.press("services")
    phone.wait_for("Services of A")
    assert state(phone)["time_source"] == "sntp"


def test_silence_costs_nothing_but_the_time(world, clock):
    a = world.site("A")
    clock.silent = True
    phone = timed(world, a)
    world.run(3600000)
    assert clock.asked < 12 and phone.said("No time server answers: 10.0.0.123.")
    assert len([1 for _, text in phone.notes if "time server" in text]) == 1
    phone.press("services")
    phone.wait_for("Services of A")


def test_the_last_known_time_outlives_a_power_cut(world, clock):
    """A web server with a wrong clock does not set the phone's back; a time server does if it insists."""
    a = world.site("A")
    phone = timed(world, a)
    world.run(10000)
    assert state(phone)["time_source"] == "sntp"
    world.run(5000)
    clock.silent = True
    phone.restart("power")
    a.headers["Date"] = "Mon, 05 Jan 2026 10:00:00 GMT"
    phone.press("services")
    phone.wait_for("Services of A")
    assert phone.screen.clock == "--:--" and state(phone)["time"] is None
    a.headers["Date"] = "Tue, 05 Jan 2027 10:00:00 GMT"
    phone.press("services")
    phone.wait_for("Services of A")
    assert phone.screen.clock == "10:00"
    clock.silent, clock.off = False, -400 * 86400
    phone.wait_for(lambda: phone.said("which was long ago"), within=100000)
    assert phone.screen.clock.startswith("10:0")
    phone.wait_for(lambda: [text for _, text in phone.notes if "time is known" in text][1:], within=30000)
    assert state(phone)["time"].startswith("2025-")


def test_the_pages_work_in_safe_mode(world):
    phone = phone_of(world, world.site("A"))
    world.run(1000)
    for _ in range(3):
        phone.restart("watchdog")
        world.run(2000)
    assert "safe mode" in state(phone)["cause"], state(phone)
    for path in PATHS:
        assert get(phone, path).status == 200
    assert b"safe mode" in get(phone, "/").body
