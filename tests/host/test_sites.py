"""Service sites: what a folder gives and refuses, each way of failing, and no process left behind."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import urljoin

import pytest

from host_tools import manners
from host_tools.folder import Folder
from host_tools.problem import Problem
from host_tools.world import INTRANET, Server, World

ROOT = Path(__file__).parents[2]


def get(url, timeout=3.0):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.status, answer.headers["Content-Type"], answer.read()


def raw(port, seconds=1.0) -> bytes:
    """All bytes that come within `seconds` after a request."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 2) as link:
        link.sendall(b"GET /menu.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            link.settimeout(left)
            try:
                piece = link.recv(65536)
            except OSError:
                break
            if not piece:
                break
            received += piece
    return received


@pytest.fixture(scope="module")
def server():
    with World() as world:
        yield world["A"]


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.xml").write_text("<CiscoIPPhoneText><Text>{site} at {base}</Text></CiscoIPPhoneText>")
    (folder / "sub" / "menu.xml").write_text("<CiscoIPPhoneMenu/>")
    (folder / "old.xml").write_bytes(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe4</a>')
    (folder / "bare.xml").write_bytes(b"<a>\xe4</a>")
    (folder / "dot.png").write_bytes(b"\x89PNG")
    (folder / "odd & <name> #1?.xml").write_text("<a/>")
    (tmp_path / "secret.xml").write_text("<secret/>")
    (folder / "link.xml").symlink_to(tmp_path / "secret.xml")
    return Folder(folder, {"site": "A & B", "base": "http://x/"})


def test_files_come_with_their_type(pages):
    assert pages.answer("/a.xml")[1] == "text/xml; charset=utf-8"
    assert pages.answer("/old.xml")[1] == "text/xml; charset=iso-8859-1"
    assert pages.answer("/bare.xml")[1] == "text/xml"
    assert pages.answer("/dot.png") == (b"\x89PNG", "image/png")
    assert pages.answer("/none.xml") is None


def test_placeholders_are_filled_and_escaped(pages):
    assert b"<Text>A &amp; B at http://x/</Text>" in pages.answer("/a.xml")[0]


@pytest.mark.parametrize("path", [
    "/../secret.xml", "/%2e%2e/secret.xml", "/..%2fsecret.xml", "/sub/../../secret.xml", "/link.xml",
    "//secret.xml", "/a.xml%00", "/" + "x" * 5000, "/%ff%fe.xml", "/a.xml/b"])
def test_nothing_outside_the_folder_is_given(pages, path):
    assert pages.answer(path) is None


def test_a_folder_without_a_menu_gets_one_whose_links_work(pages):
    for path in ("/", "/menu.xml"):
        tree = ElementTree.fromstring(pages.answer(path)[0])
        assert tree.tag == "CiscoIPPhoneMenu"
        names = [item.findtext("Name") for item in tree.iter("MenuItem")]
        assert names == ["a.xml", "bare.xml", "link.xml", "odd & <name> #1?.xml", "old.xml", "sub/"]
        for item in tree.iter("MenuItem"):
            if item.findtext("Name") != "link.xml":
                assert pages.answer("/" + item.findtext("URL")), item.findtext("Name")
    assert pages.answer("/sub/")[0] == b"<CiscoIPPhoneMenu/>"


def test_file_names_that_are_not_utf8_are_listed_and_served(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"\xe4.xml")).write_text("<a/>")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    folder = Folder(tmp_path)
    tree = ElementTree.fromstring(folder.answer("/menu.xml")[0])
    assert folder.answer("/" + tree.findtext("MenuItem/URL"))[0] == b"<a/>"


def test_every_page_of_the_intranet_is_well_formed_and_every_link_leads_somewhere():
    folder = Folder(INTRANET, {"site": "A", "base": "http://x/"})
    seen, kinds, waiting = set(), set(), ["/menu.xml", "/people.xml", "/messages.xml", "/information.xml"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(manners.FOLDER):  # made by the site
            continue
        seen.add(path)
        found = folder.answer(path)
        assert found, path
        if path.endswith(".png"):
            assert found[1] == "image/png" and found[0].startswith(b"\x89PNG"), path
            continue
        tree = ElementTree.fromstring(found[0])
        kind = tree.tag.partition("IPPhone")[2]
        kinds.add(kind)
        assert kind, path
        assert tree.findtext("Title") or kind in ("Status", "Execute", "Error"), path
        urls = [url.text for url in tree.iter("URL")] + [url.text for url in tree.iter("URI")]
        urls += [item.get("URL") for item in tree.iter("ExecuteItem")]
        for url in urls:
            if url.split(":")[0] in ("http", url):  # an internal URI leads nowhere
                waiting.append(urljoin("http://x" + path, url).replace("http://x", ""))
    assert len([path for path in seen if path.endswith(".xml")]) == len(list(INTRANET.rglob("*.xml")))
    assert len(kinds) >= 13
    assert len(ElementTree.fromstring(folder.answer("/menu.xml")[0]).findall("MenuItem")) > 9


def test_a_page_says_who_served_it(server):
    server.start()
    status, kind, body = get(server.url + "about.xml")
    assert (status, kind) == (200, "text/xml; charset=utf-8")
    assert b"came from server A." in body
    assert server.url.encode() in body


def test_a_missing_page_is_404_and_a_post_is_405(server):
    server.start()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(server.url + "none.xml")
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(urllib.request.Request(server.url + "menu.xml", data=b"x"), timeout=3)


@pytest.mark.parametrize("mode, begins", [
    ("503", b"HTTP/1.1 503 "), ("500", b"HTTP/1.1 500 "), ("redirect", b"HTTP/1.1 302 ")])
def test_modes_that_answer(server, mode, begins):
    server.mode(mode)
    answer = raw(server.port)
    assert answer.startswith(begins)
    assert (b"Retry-After: 20" in answer) == (mode == "503")
    assert server.state == mode


def test_a_redirect_never_arrives(server):
    server.mode("redirect")
    with pytest.raises(urllib.error.HTTPError, match="redirect"):
        get(server.url + "menu.xml")


def test_slow_sends_the_header_and_then_a_byte_a_second(server):
    server.mode("slow")
    head, _, body = raw(server.port, 1.5).partition(b"\r\n\r\n")
    assert b"200 OK" in head
    assert 1 <= len(body) <= 3


def test_silent_says_nothing(server):
    server.mode("silent")
    assert raw(server.port, 0.6) == b""


def test_garbage_is_no_http(server):
    server.mode("garbage")
    answer = raw(server.port)
    assert len(answer) == 400
    assert not answer.startswith(b"HTTP")


def test_half_breaks_off_in_the_middle(server):
    server.mode("half")
    head, _, body = raw(server.port).partition(b"\r\n\r\n")
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert 0 < len(body) < promised


def test_a_header_without_end(server):
    server.mode("header")
    answer = raw(server.port, 0.8)
    assert len(answer) > 5000
    assert b"\r\n\r\n" not in answer


def test_big_is_ten_megabytes(server):
    server.mode("big")
    assert len(get(server.url + "menu.xml", 20)[2]) > 10_000_000


def test_lag_answers_late(server):
    server.mode("lag", 400)
    begun = time.monotonic()
    assert get(server.url + "menu.xml")[0] == 200
    assert time.monotonic() - begun >= 0.4


@pytest.fixture
def link(server):
    """An open connection to the server, which answers well: link(path) -> (status, body)."""
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3)

    def ask(path="/menu.xml"):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    yield ask
    connection.close()


def seen(server):
    """The requests so far. A site answers a switch of its mode after it told of them."""
    server.mode("ok")
    return list(server.requests)


def test_polite_answers_keep_the_connection_open(server, link):
    before = len(seen(server))
    assert link()[0] == 200
    assert link("/none.xml")[0] == 404
    server.mode("500")
    assert link()[0] == 500
    server.mode("503")
    assert link()[0] == 503
    server.mode("lag", 10)
    assert link()[0] == 200
    asked = seen(server)[before:]
    assert [request["reused"] for request in asked] == [False, True, True, True, True]


@pytest.mark.parametrize("mode", ["half", "garbage"])
def test_a_rude_answer_on_a_connection_that_was_kept_ends_it(server, link, mode):
    assert link()[0] == 200
    server.mode(mode)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        link()
    assert seen(server)[-1] == {"request": "/menu.xml", "mode": mode, "status": 0, "reused": True}


def test_a_page_names_its_server_as_it_was_asked(server):
    server.start()
    for host, base in ((b"a.everline.test:8001", b"http://a.everline.test:8001/about.xml"),
                       (b"<evil>", server.url.encode() + b"about.xml")):
        with socket.create_connection(("127.0.0.1", server.port), 2) as link:
            link.sendall(b"GET /menu.xml HTTP/1.0\r\nHost: %s\r\n\r\n" % host)
            assert b"<URL>%s</URL>" % base in link.makefile("rb").read()


def test_a_line_has_latency_both_ways_and_outlives_what_the_server_does(server, link):
    link()
    server.line(delay_ms=80)
    for act in (server.start, server.freeze, server.stop):
        act()
        server.start()
        begun = time.monotonic()
        assert get(server.url + "menu.xml")[0] == 200
        assert 0.32 <= time.monotonic() - begun < 1
    server.freeze()
    server.line(0, 0)
    server.start()
    begun = time.monotonic()
    get(server.url + "menu.xml")
    assert time.monotonic() - begun < 0.3
    assert server.sentence == "Server A answers."
    for delay_ms, loss, words in ((250, 3, "takes 250 ms each way and loses 3\xa0%"), (0, 3, "loses 3\xa0%"),
                                  (1500, 0, "takes 1.5 s each way"),
                                  (5, 0, "takes 5 ms each way"), (0, 0, "is perfect again")):
        server.line(delay_ms, loss)
        assert server.sentence == "The line to server A %s." % words
    for wrong in ({"delay_ms": -1}, {"delay_ms": 1.5}, {"loss": 51}, {"loss": "1"}):
        with pytest.raises(Problem, match="A (latency|loss) is 0 to"):
            server.line(**wrong)


def test_a_half_page_is_half_at_the_end_of_a_long_line(server):
    server.mode("half")
    server.line(delay_ms=100)
    head, _, body = raw(server.port).partition(b"\r\n\r\n")
    server.line(0)
    promised = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(body) == promised // 2


def test_a_black_hole_takes_no_connections_and_answers_on_none(server, link):
    link()
    before = len(seen(server))
    server.do("hole")
    assert "black hole" in server.words
    with pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", server.port), 0.4)
    with pytest.raises(TimeoutError):
        link()
    assert len(server.requests) == before, "what falls into a hole is not seen"
    server.freeze()  # takes connections
    socket.create_connection(("127.0.0.1", server.port), 2).close()
    server.do("hole")
    server.start()
    assert raw(server.port).startswith(b"HTTP/1.1 200")
    server.do("hole")
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 2)


def test_a_world_with_names_tells_the_phone_its_name_server():
    heard = []
    with World(names=True, on_change=lambda it: heard.append(it.sentence)) as world:
        made = world.configuration()
        assert made["dns"] == {"servers": [world.names.address]}
        pointers = [home["pointers"]["services"] for home in made["homes"]]
        assert pointers == ["http://a.everline.test:%d/menu.xml" % world["A"].port,
                            "http://b.everline.test:%d/menu.xml" % world["B"].port]
        world.names.mode("silent")
        world["B"].line(loss=5)
    assert heard[2:4] == ["The name server is silent.", "The line to server B loses 5\xa0%."]
    assert "dns" not in World().configuration()
    assert World().names is None


def test_stop_freeze_and_start_on_the_same_port(server):
    server.start()
    port = server.port
    server.freeze()
    assert raw(port, 0.5) == b""
    assert "frozen" in server.words
    server.start()
    assert raw(port).startswith(b"HTTP/1.1 200")
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 2)
    server.mode("503")
    assert server.port == port
    assert raw(port).startswith(b"HTTP/1.1 503")
    server.freeze()
    server.stop()
    assert server.state == "stopped"
    server.start()
    assert server.state == "answering"


def test_a_server_that_dies_is_seen(server):
    server.start()
    os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 3
    while server.state != "stopped" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.state == "stopped"
    server.start()
    assert raw(server.port).startswith(b"HTTP/1.1 200")


def test_unknown_wishes_are_sentences(server):
    with pytest.raises(Problem, match="can not 'explode'"):
        server.do("explode")
    with pytest.raises(Problem, match="no server 'Z'"):
        World()["Z"]
    with pytest.raises(Problem, match="no folder"):
        World(["/there/is/none"])


def test_busy_ports_are_stepped_over():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        server = Server("A", INTRANET, port)
        try:
            server.start()
            assert port < server.port <= port + 100
        finally:
            server.stop()


def test_one_folder_serves_all_and_each_folder_one(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "directory.xml").write_text("<a/>")
    world = World([tmp_path])
    assert [server.folder for server in world.servers.values()] == [tmp_path, tmp_path]
    world = World([tmp_path, other])
    homes = world.configuration()["homes"]
    assert [home["name"] for home in homes] == ["A", "B"]
    assert sorted(homes[0]["pointers"]) == ["directory", "services"]
    assert sorted(homes[1]["pointers"]) == ["services"]


def test_a_site_ends_with_its_stdin(tmp_path):
    site = subprocess.Popen([sys.executable, "-m", "host_tools.site", str(tmp_path), "--port", "0"], cwd=ROOT,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert b"port" in site.stdout.readline()
    site.stdin.close()
    assert site.wait(5) == 0
    site.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a frozen child with its parent")
def test_no_site_outlives_a_parent_that_is_killed_not_even_a_frozen_one():
    script = ("import sys, time; from host_tools.world import World; w = World().start(); w['A'].freeze();"
              "print(*[s.pid for s in w.servers.values()], flush=True); time.sleep(60)")
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [pid for pid in children if _alive(pid)]


def _alive(pid) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
