"""The phone's own pages over real sockets, read by the parsers of others; and visitors that mean no good."""

import asyncio
import base64
import http.client
import io
import json
import random
import socket
import struct
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import aiohttp
import pytest
from PIL import Image, ImageChops
from prometheus_client.parser import text_string_to_metric_families

from host_tools.phone import HEAP, SMALL_DISPLAY, SMALL_HEAP, free_port
from tests.system.conftest import TIMERS

FIRST_PORT = 8191
PATHS = ("/", "/status.json", "/metrics", "/DeviceInformationX", "/NetworkConfigurationX")
SECONDS = 5.0  # no answer takes longer, on a busy machine either
GET = b"GET %s HTTP/1.1\r\nHost: phone\r\n\r\n"


@pytest.fixture
def open_ward(start, world):
    """open_ward(more) -> a Ward whose phone has status pages at ward.port."""

    def starter(more=None, **options):
        port = free_port("127.0.0.1", FIRST_PORT)
        config = world.configuration(TIMERS)
        config["push"] = {"port": port, "user": "eve", "password": "pässword"}
        config.update(more or {})
        ward = start(config=config, **{"heap": HEAP, **options})
        ward.port = port
        return ward

    return starter


@pytest.fixture
def visited(open_ward):
    return open_ward()


def get(ward, path, method="GET", **fields):
    """(status, fields, body) as urllib reads it."""
    url = "http://127.0.0.1:%d%s" % (ward.port, path)
    request = urllib.request.Request(url, headers=fields, method=method)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def say(ward, data, seconds=SECONDS, reads=True):
    """All that comes back for these bytes, until the phone closes."""
    with socket.create_connection(("127.0.0.1", ward.port), SECONDS) as link:
        link.settimeout(seconds)
        link.sendall(data)
        out = b""
        while reads:
            try:
                piece = link.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            out += piece
        return out


def patiently(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited %d s in vain" % seconds
        time.sleep(0.05)


# --- what others read -------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_person_reads_the_first_page(visited):
    status, fields, body = get(visited, "/")
    assert status == 200 and fields["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    page = Tags()
    page.feed(body.decode())
    assert page.open == [] and "script" not in page.seen and page.seen[0] == "html"
    assert "127.0.0.1:81" in page.text and "primary" in page.text


def test_a_script_reads_json(visited):
    visited.press("services")
    visited.page_of("A", 3000)
    status, fields, body = get(visited, "/status.json")
    told = json.loads(body)
    assert status == 200 and fields["Content-Type"] == "application/json"
    assert [server["server"] for server in told["servers"] if server["serving"]] == ["A"]
    assert told["requests"]["page"] == 1 and told["time_source"] == "clock" and told["heap"]["free"] > 1000
    assert abs(told["uptime_s"] - time.time() + visited.phone.started_at) < 5


def test_prometheus_reads_the_metrics(visited):
    visited.press("services")
    visited.page_of("A", 3000)
    status, fields, body = get(visited, "/metrics")
    assert status == 200 and fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {family.name: family for family in text_string_to_metric_families(body.decode())}
    assert all(family.documentation and family.type in ("gauge", "counter") for family in found.values())
    one = {name: family.samples[0].value for name, family in found.items() if family.samples}
    assert one["everline_info"] == 1 and one["everline_uptime_seconds"] > 0
    assert abs(one["everline_time_seconds"] - time.time()) < 5
    serving = {s.labels["server"]: s.value for s in found["everline_server_serving"].samples}
    assert serving == {"A": 1, "B": 0}
    outcomes = {s.labels["outcome"]: s.value for s in found["everline_requests"].samples}
    assert outcomes["page"] == 1


def test_a_program_of_other_phones_reads_its_pages(visited):
    device = ElementTree.fromstring(get(visited, "/DeviceInformationX")[2])
    assert device.tag == "DeviceInformation" and device.findtext("modelNumber") == "Everline"
    assert device.findtext("HostName") == visited.panel.hello["name"]
    network = ElementTree.fromstring(get(visited, "/NetworkConfigurationX")[2])
    assert network.tag == "NetworkConfiguration" and network.findtext("IPAddress") == "127.0.0.1"
    assert network.findtext("ServicesURL").startswith("http://127.0.0.1:")


def test_another_client_reads_all_of_them_in_chunks(visited):
    async def go():
        async with aiohttp.ClientSession() as session:
            for path in PATHS * 3:
                async with session.get("http://127.0.0.1:%d%s" % (visited.port, path)) as answer:
                    assert answer.status == 200 and answer.headers["Transfer-Encoding"] == "chunked"
                    assert await answer.text()

    asyncio.run(go())


def test_head_and_old_clients_and_refusals(visited):
    for path in PATHS:
        assert get(visited, path, "HEAD")[::2] == (200, b"")
        told = say(visited, b"GET %s HTTP/1.0\r\n\r\n" % path.encode())
        head, _, body = told.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ") and body and b"chunked" not in head
    assert get(visited, "/nothing")[0] == 404 and get(visited, "/", "DELETE")[0] == 405
    assert get(visited, "/", "POST")[1]["Allow"] == "GET, HEAD"
    assert get(visited, "/" + "a" * 900)[0] == 414 and get(visited, "/", Cookie="c" * 3000)[0] == 431


@pytest.mark.parametrize("display", [None, SMALL_DISPLAY])
def test_the_screen_is_what_the_panel_shows(open_ward, display):
    ward = open_ward(display=display)
    right = "Basic " + base64.b64encode("eve:pässword".encode()).decode()
    assert get(ward, "/CGI/Screenshot")[0] == 401
    for keys in ((), ("services",), ("down", "select")):
        ward.press(*keys)
        time.sleep(0.7)
        ward.panel.settle()
        status, fields, body = get(ward, "/CGI/Screenshot", Authorization=right)
        assert (status, fields["Content-Type"]) == (200, "image/bmp")
        assert len(body) == int(fields["Content-Length"])
        shot = Image.open(io.BytesIO(body))
        shown = ward.panel.image()
        assert (shot.format, shot.size) == ("BMP", shown.size)
        assert ImageChops.difference(shot.convert("RGB"), shown.convert("RGB")).getbbox() is None
        assert len(shown.convert("RGB").getcolors()) > 1
    assert get(ward, "/CGI/Screenshot", Authorization="Basic eDp5")[0] == 401
    assert get(ward, "/CGI/Screenshot", Authorization=right)[0] == 429


def test_a_screen_for_which_there_is_no_password_is_shown_to_nobody(open_ward):
    ward = open_ward({"push": {"port": free_port("127.0.0.1", FIRST_PORT + 30)}})
    ward.port = int(ward.phone.config["push"]["port"])
    assert get(ward, "/CGI/Screenshot", Authorization="Basic Og==")[0] == 403


# --- whatever else goes on --------------------------------------------------------------------------------


def test_the_pages_work_while_every_server_is_down(visited, world):
    for server in world.servers.values():
        server.do("stop")
    visited.press("services")
    visited.panel.wait(lambda s: not s["busy"] and s["kind"] == "text", 8, "a sentence")
    for path in PATHS:
        assert get(visited, path)[0] == 200
    told = json.loads(get(visited, "/status.json")[2])
    assert {server["reason"] for server in told["servers"]} == {"refused the connection"}


def test_the_pages_work_while_a_request_hangs(visited, world):
    for server in world.servers.values():
        server.do("freeze")
    visited.press("services")
    visited.panel.wait(lambda s: s["busy"], 3, "the request")
    for path in PATHS:
        begun = time.monotonic()
        assert get(visited, path)[0] == 200 and time.monotonic() - begun < 1
    visited.panel.wait(lambda s: not s["busy"] and s["kind"] == "text", 8, "a sentence")


def test_on_a_small_heap_visitors_take_nothing_from_the_person(open_ward):
    """Where there is no room for a status page its visitor is sent away, not the page on the screen."""
    ward = open_ward(heap=SMALL_HEAP, display=SMALL_DISPLAY)
    files = ward.sockets()
    for key in ("services", "1", "directory", "messages", "services"):
        for path in PATHS:
            try:
                assert get(ward, path)[0] in (200, 503)
            except (OSError, http.client.HTTPException):
                pass  # sent away even without a word
        for _ in range(3):  # even where there was no room just now, the next key press finds some
            ward.press(key)
            ward.panel.settle()
            if "memory" not in ward.text():
                break
        assert "memory" not in ward.text(), ward.text()
    assert ward.phone.starts == 1
    patiently(lambda: ward.sockets() <= files + 3)


# --- visitors that mean no good ---------------------------------------------------------------------------


def alive(ward):
    """The phone serves visitors and the person at it, and was not started anew."""
    told = json.loads(get(ward, "/status.json")[2])
    ward.press("services")
    ward.page_of("A", 3000)
    assert ward.phone.starts == 1 and told["uptime_s"] >= 0


def test_half_requests_are_not_waited_for(visited):
    begun = time.monotonic()
    links = [socket.create_connection(("127.0.0.1", visited.port), SECONDS) for _ in range(2)]
    links[0].sendall(b"GET / HTTP/1.1\r\nHost: ")
    patiently(lambda: visited.sockets() >= 2, 2)
    link = links[0]
    link.settimeout(10)
    assert link.recv(1000).startswith(b"HTTP/1.1 408 ") and 3 < time.monotonic() - begun < 9
    for link in links:
        link.close()
    alive(visited)


def test_a_slow_loris_does_not_shut_others_out(visited):
    files = visited.sockets()
    over = threading.Event()

    def drip():
        while not over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", visited.port), 2) as link:
                    for letter in b"GET / HTTP/1.1\r\nHost: phone\r\nX: " + b"x" * 50:
                        link.send(bytes((letter,)))
                        if over.wait(0.1):
                            break
            except OSError:
                over.wait(0.05)

    threads = [threading.Thread(target=drip) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        served = 0
        for _ in range(12):
            served += get(visited, "/status.json")[0] == 200
            time.sleep(0.4)
        assert served >= 3, "others were served %d times of 12" % served
        visited.press("services")
        assert visited.page_of("A", 1000) < 1
    finally:
        over.set()
        for thread in threads:
            thread.join()
    patiently(lambda: visited.sockets() <= files + 1)
    alive(visited)


def test_a_hundred_connections_at_once(visited):
    files = visited.sockets()
    links = []
    for _ in range(100):
        link = socket.socket()
        link.setblocking(False)
        link.connect_ex(("127.0.0.1", visited.port))
        links.append(link)
    visited.press("services")
    assert visited.page_of("A", 1500) < 1.5
    assert visited.sockets() <= files + 3 + 3, "two visitors and a 503, three pages"
    for link in links:
        link.close()
    patiently(lambda: visited.sockets() <= files + 3)
    alive(visited)


def test_a_second_request_behind_the_first_is_not_answered(visited):
    told = say(visited, GET % b"/status.json" + GET % b"/metrics" + b"\x00" * 900)
    assert told.startswith(b"HTTP/1.1 200 ") and told.count(b"HTTP/1.1 ") == 1
    assert b"everline_info" not in told


def test_a_large_body_is_passed_over(visited):
    head = b"POST /CGI/Execute HTTP/1.1\r\nHost: phone\r\nContent-Length: 40000\r\n\r\n"
    assert say(visited, head + b"XML=" * 10000).startswith(b"HTTP/1.1 401 ")
    assert say(visited, head.replace(b"/CGI/Execute", b"/") + b"XML=" * 10000).startswith(b"HTTP/1.1 405 ")
    try:
        say(visited, b"POST / HTTP/1.1\r\nHost: phone\r\n\r\n" + b"x" * 5000000)
    except OSError:
        pass  # it does not listen for ever
    alive(visited)


def test_a_client_that_never_reads(visited):
    """The picture has 77 KB, of which nothing is kept: it is made as it is read."""
    def used():
        return json.loads(get(visited, "/status.json")[2])["heap"]["used"]

    files = visited.sockets()
    field = b"Authorization: Basic " + base64.b64encode("eve:pässword".encode())
    assert get(visited, "/CGI/Screenshot", Authorization=field.decode()[15:])[0] == 200
    links, before = [], used()
    for _ in range(2):
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        link.connect(("127.0.0.1", visited.port))
        link.sendall(b"GET /CGI/Screenshot HTTP/1.1\r\nHost: phone\r\n%s\r\n\r\n" % field)
        time.sleep(0.2)
        links.append(link)
        if len(links) == 1:
            assert used() - before < 10000
    visited.press("services")
    assert visited.page_of("A", 1500) < 1.5
    patiently(lambda: get(visited, "/status.json")[0] == 200)
    patiently(lambda: visited.sockets() <= files + 3)
    for link in links:
        link.close()
    alive(visited)


def test_noise(visited):
    files = visited.sockets()
    dice = random.Random(7)
    for number in range(150):
        data = dice.randbytes(dice.choice((1, 10, 300, 3000)))
        if number % 3 == 1:
            data = b"GET /" + data
        elif number % 3 == 2:
            data = (GET % b"/status.json").replace(b"phone", data[:200])
        try:
            told = say(visited, data, 0.2, reads=number % 2)
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            continue
        assert not told or told.startswith(b"HTTP/1.1 "), told[:80]
    patiently(lambda: visited.sockets() <= files)
    alive(visited)


# --- the time of day --------------------------------------------------------------------------------------


class Clock:
    """A time server on a port of this machine; `off`: how many seconds it is ahead."""

    def __init__(self, off=0):
        self.off, self.asked = off, []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                data, client = self._socket.recvfrom(1000)
            except OSError:
                return
            self.asked.append(data)
            when = struct.pack(">II", int(time.time()) + self.off + 2208988800 & 0xFFFFFFFF, 0)
            answer = bytes((0x24, 1, 6, 0xEC)) + bytes(12) + when + data[40:48] + when + when
            self._socket.sendto(b"noise", client)
            # A forger does not know the stamp.
            self._socket.sendto(answer[:24] + bytes(8) + answer[32:], client)
            self._socket.sendto(answer, client)

    def close(self):
        self._socket.close()


def test_the_time_comes_from_a_time_server(open_ward):
    clock = Clock(off=86400)
    try:
        ward = open_ward({"clock": {"servers": [clock.address]}})
        patiently(lambda: json.loads(get(ward, "/status.json")[2])["time_source"] == "sntp")
        metrics = {f.name: f for f in text_string_to_metric_families(get(ward, "/metrics")[2].decode())}
        told = metrics["everline_time_seconds"].samples[0]
        assert told.labels == {"source": "sntp"} and abs(told.value - time.time() - 86400) < 3
        assert len(clock.asked) == 1 and len(clock.asked[0]) == 48
    finally:
        clock.close()


def test_a_time_server_that_lost_its_clock_is_not_believed_at_once(open_ward):
    clock = Clock(off=-800000000)
    try:
        ward = open_ward({"clock": {"servers": [clock.address]}})
        patiently(lambda: clock.asked)
        time.sleep(0.3)
        assert json.loads(get(ward, "/status.json")[2])["time_source"] == "clock"
        assert any("which was long ago" in line for line in ward.phone.lines)
    finally:
        clock.close()
