"""Others have the phone show pages, over real sockets: curl as printed, other clients, and two authentication
servers of which the first is frozen.
"""

import asyncio
import base64
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import aiohttp
import pytest

from host_tools.phone import HEAP, SMALL_DISPLAY, SMALL_HEAP, free_port
from tests.system.conftest import TIMERS

FIRST_PORT = 8261
SECONDS = 5.0
USER, PASSWORD = "ward", "sécret & more"
BASIC = "Basic " + base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode()
PAGE = '<CiscoIPPhoneExecute><ExecuteItem Priority="0" URL="%s"/></CiscoIPPhoneExecute>'
TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
def open_ward(start, world):
    """open_ward(push) -> a Ward whose phone takes pushes at ward.port; push: more of that part."""

    def starter(push=None, **options):
        port = free_port("127.0.0.1", FIRST_PORT)
        config = world.configuration(TIMERS)
        config["push"] = {"port": port, "user": USER, "password": PASSWORD, **(push or {})}
        ward = start(config=config, **{"heap": HEAP, **options})
        ward.port = port
        ward.url = "http://127.0.0.1:%d/CGI/Execute" % port
        return ward

    return starter


@pytest.fixture
def ward(open_ward):
    return open_ward()


def page_of(world, name="B", path="menu.xml"):
    """The address of a page, as the configuration has it."""
    home = next(home for home in world.configuration(TIMERS)["homes"] if home["name"] == name)
    services = home["pointers"]["services"]
    return urllib.parse.urljoin(services if isinstance(services, str) else services[0], path)


def results(body):
    root = ElementTree.fromstring(body)
    if root.tag == "CiscoIPPhoneError":
        return root.get("Number")
    assert root.tag == "CiscoIPPhoneResponse"
    return [(item.get("Status"), item.get("URL")) for item in root]


def push(ward, url, authorization=BASIC, **fields):
    """(status, results) as urllib posts it."""
    data = urllib.parse.urlencode({"XML": PAGE % url.replace("&", "&amp;")}).encode()
    request = urllib.request.Request(ward.url, data, {"Authorization": authorization, **fields})
    try:
        with urllib.request.urlopen(request, timeout=2 * SECONDS) as answer:
            return answer.status, results(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, results(error.read())


def of_b(ward):
    ward.page_of("B", 10000)


def say(ward, data, gap=b""):
    """All that comes back for these bytes, until the phone closes; gap: sent a while later."""
    with socket.create_connection(("127.0.0.1", ward.port), SECONDS) as link:
        link.settimeout(SECONDS)
        link.sendall(data)
        if gap:
            time.sleep(0.3)
            link.sendall(gap)
        out = b""
        while True:
            try:
                piece = link.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            out += piece
        return out


# --- what others send -------------------------------------------------------------------------------------


def printed(root):
    """The command in docs/push.md."""
    text = (root / "docs" / "push.md").read_text(encoding="utf-8")
    return re.search(r"```sh\n(curl .*?)\n```", text, re.S)[1]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here")
def test_the_command_in_the_document_works_as_printed(ward, world, root):
    command = printed(root)
    for then, now in (
        ("http://10.0.4.21/", "http://127.0.0.1:%d/" % ward.port),
        ("ward:secret", shlex.quote(USER + ":" + PASSWORD)),
        ("http://10.0.0.5/alarm.xml", page_of(world)),
    ):
        assert then in command
        command = command.replace(then, now)
    done = subprocess.run(command, shell=True, capture_output=True, timeout=20, check=True)
    assert results(done.stdout) == [("0", page_of(world))]
    of_b(ward)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not here")
def test_curl_that_waits_for_100_and_curl_that_sends_chunks(ward, world):
    def curl(*more):
        command = ["curl", "-s", "-u", "%s:%s" % (USER, PASSWORD), *more, ward.url]
        return subprocess.run(command, capture_output=True, timeout=20, check=True).stdout

    body = "XML=" + urllib.parse.quote_plus(PAGE % page_of(world))
    begun = time.monotonic()
    assert results(curl("-H", "Expect: 100-continue", "-d", body)) == [("0", page_of(world))]
    assert time.monotonic() - begun < 0.9, "curl waits for a second where nobody asks it to go on"
    told = curl("-H", "Transfer-Encoding: chunked", "-d", body, "-o", "/dev/null", "-w", "%{http_code}")
    assert told == b"411"
    told = curl("--data", "XML=" + PAGE % page_of(world))
    assert results(told) == [("0", page_of(world))], "a form that nobody encoded"


def test_urllib_and_aiohttp_and_a_raw_one(ward, world):
    assert push(ward, page_of(world)) == (200, [("0", page_of(world))])
    of_b(ward)

    async def go():
        async with aiohttp.ClientSession(headers={"Authorization": BASIC}) as session:
            for url, status in (("Key:Settings", "0"), ("Key:Speaker", "6"), ("Bogus:x", "1")):
                async with session.post(ward.url, data={"XML": PAGE % url}) as answer:
                    assert answer.status == 200 and results(await answer.text()) == [(status, url)]
            async with session.post(ward.url, data={"XML": PAGE % "Key:Services"}, chunked=True) as answer:
                assert answer.status == 411

    asyncio.run(go())
    body = b"XML=" + urllib.parse.quote_plus(PAGE % "Key:Services").encode()
    head = "POST /CGI/Execute HTTP/1.0\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n"
    told = say(ward, (head % (BASIC, len(body))).encode() + body[:20], body[20:])
    assert told.startswith(b"HTTP/1.1 200 ") and b'Status="0"' in told
    ward.page_of("A", 3000)


def test_a_client_of_net_that_brings_no_password_at_first(ward):
    """It waits for 401 and sends its body again, with the password."""
    body = urllib.parse.urlencode({"XML": PAGE % "Key:Services"})
    link = http.client.HTTPConnection("127.0.0.1", ward.port, timeout=SECONDS)
    link.request("POST", "/CGI/Execute", body, {"Content-Type": TYPE})
    answer = link.getresponse()
    assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert results(answer.read()) == "4"
    link.close()
    assert push(ward, "Key:Services") == (200, [("0", "Key:Services")])
    ward.page_of("A", 3000)


def test_a_browser_that_a_page_of_others_leads_here_is_refused(ward):
    assert push(ward, "Key:Services", Origin="http://evil.example")[0] == 403
    assert push(ward, "Key:Services", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert push(ward, "Key:Services")[0] == 200


def test_a_wrong_password_and_the_one_after_it(ward):
    wrong = "Basic " + base64.b64encode(b"ward:guess").decode()
    assert push(ward, "Key:Services", wrong) == (401, "4")
    assert push(ward, "Key:Services")[0] == 429
    time.sleep(1.1)
    assert push(ward, "Key:Services")[0] == 200


# --- whatever else goes on --------------------------------------------------------------------------------


def test_a_pushed_page_of_a_dead_server_takes_nothing_from_the_person(ward, world):
    world.servers["B"].do("freeze")
    ward.press("services")
    ward.page_of("A", 3000)
    assert push(ward, page_of(world, "B")) == (200, [("0", page_of(world, "B"))])
    ward.press("down")
    ward.panel.wait(lambda s: "A page was pushed, but" in s["prompt"], 5, "a line on the screen")
    ward.page_of("A", 1000)


def test_noise_is_answered_or_cut_off(ward):
    files = ward.sockets()
    head = "POST /CGI/Execute HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n"
    for body in (b"", b"\x00" * 900, b"XML=" + b"<" * 2000, b"XML=" + b"%3C" * 3000, b"XML=" + b"&" * 500,
                 b"XML=<CiscoIPPhoneExecute><ExecuteItem URL='" + b"a" * 9000, b"x" * 10240):  # fmt: skip
        told = say(ward, (head % (BASIC, len(body))).encode() + body)
        assert told.startswith(b"HTTP/1.1 200 ") and b'Number="1"' in told, (
            body[:40], told[:200], list(ward.phone.lines)[-12:])  # fmt: skip
    assert say(ward, (head % (BASIC, 10241)).encode() + b"x" * 10241).startswith(b"HTTP/1.1 413 ")
    assert push(ward, "Key:Services")[0] == 200
    ward.page_of("A", 3000)
    assert ward.phone.starts == 1 and ward.sockets() <= files + 3


@pytest.mark.parametrize("heap, display, least", [
    (HEAP, None, 12), ("176wK", SMALL_DISPLAY, 6), (SMALL_HEAP, SMALL_DISPLAY, 0),
])  # fmt: skip
def test_pushes_on_a_board_that_has_little_room(open_ward, world, heap, display, least):
    """Each is shown, or refused for want of memory; a person gets his page in any case."""
    ward = open_ward(heap=heap, display=display)
    files, shown = ward.sockets(), 0
    for number in range(12):
        for _ in range(5):  # where there was no room just now, the next key press finds some
            ward.press("services")
            ward.panel.settle()
            if "memory" not in ward.text():
                break
        assert "memory" not in ward.text(), ward.text()
        try:
            status = push(ward, page_of(world, "AB"[number % 2]))[0]
        except (OSError, ElementTree.ParseError, http.client.HTTPException):
            continue  # sent away for want of room
        assert status in (200, 503)
        if status == 200:
            ward.panel.settle()
            shown += "memory" not in ward.text()
        time.sleep(0.2)
    assert ward.phone.starts == 1 and ward.sockets() <= files + 3
    assert shown >= least, shown


# --- authentication servers -------------------------------------------------------------------------------

JUDGE = """
import http.server, sys, urllib.parse
class Judge(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        yes = asked == {"UserID": ["mary"], "Password": ["p:w ä&"], "devicename": [sys.argv[2]]}
        words = b"AUTHORIZED" if yes else b"UN-AUTHORIZED"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)
        print(self.path, flush=True)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Judge).serve_forever()
"""
MARY = "Basic " + base64.b64encode("mary:p:w ä&".encode()).decode()


class Judge:
    """A process of its own, so that it can be frozen."""

    def __init__(self, port, name):
        self.url = "http://127.0.0.1:%d/auth.php" % port
        self._child = subprocess.Popen([sys.executable, "-c", JUDGE, str(port), name], stdout=subprocess.PIPE)
        os.set_blocking(self._child.stdout.fileno(), False)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)

    def asked(self):
        """How often since the last look."""
        return len((self._child.stdout.read() or b"").splitlines())

    def freeze(self):
        self._child.send_signal(signal.SIGSTOP)

    def close(self):
        self._child.send_signal(signal.SIGCONT)
        self._child.kill()
        self._child.wait()
        self._child.stdout.close()


@pytest.fixture
def judges(world):
    name = world.configuration(TIMERS)["identity"]["name"]
    pair = [Judge(free_port("127.0.0.1", FIRST_PORT + 20 + 5 * number), name) for number in range(2)]
    yield pair
    for judge in pair:
        judge.close()


def test_two_authentication_servers_of_which_the_first_freezes(open_ward, world, judges):
    ward = open_ward({"user": "", "password": "", "authentication": [judge.url for judge in judges]})
    assert push(ward, "Key:Services", MARY) == (200, [("0", "Key:Services")])
    assert [judge.asked() for judge in judges] == [1, 0]
    ward.page_of("A", 3000)
    wrong = "Basic " + base64.b64encode(b"mary:guess").decode()
    assert push(ward, "Key:Services", wrong) == (401, "4")
    time.sleep(1.1)
    judges[0].freeze()
    again = [push(ward, "Key:Services", wrong)[0]]
    time.sleep(1.1)
    begun = time.monotonic()
    again.append(push(ward, "Key:Services", MARY)[0])
    assert again == [401, 200] and time.monotonic() - begun < 0.6, "who was silent is asked last"
    assert judges[1].asked() == 2
    said = "Authentication: 127.0.0.1 takes the connection but does not answer"
    assert any(said in line for line in ward.phone.lines)
    assert not any("guess" in line or "Password" in line for line in ward.phone.lines)


def test_the_phone_works_while_both_are_frozen(open_ward, world, judges):
    ward = open_ward({"user": "", "password": "", "authentication": [judge.url for judge in judges]})
    for judge in judges:
        judge.freeze()
    said = []

    async def go():
        loop = asyncio.get_running_loop()
        pushed = loop.run_in_executor(None, push, ward, "Key:Settings", MARY)
        await asyncio.sleep(0.2)
        await loop.run_in_executor(None, ward.press, "services")
        await loop.run_in_executor(None, ward.page_of, "A", 1000)
        said.append(await pushed)

    asyncio.run(go())
    assert said == [(401, "4")]
    ward.page_of("A", 1000)
