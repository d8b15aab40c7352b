"""The command: its sentences and codes; the keys of a terminal; the phone's supervisor; the page's guard."""

import asyncio
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from PIL import Image
from rich.console import Console

from host_tools import keyboard, phone as phones, terminal
from host_tools.phone import PhoneProcess
from host_tools.problem import Problem
from host_tools.web import WebPage
from host_tools.world import World
from tests.host.fake_phone import HEIGHT, WIDTH, FakePhone, screen

ROOT = Path(__file__).parents[2]


def everline(*arguments, seconds=20):
    """Run the command; (exit code, stdout, stderr)."""
    done = subprocess.run([sys.executable, "-m", "host_tools.cli", *arguments], cwd=ROOT, timeout=seconds,
                          capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


# --- the command ----------------------------------------------------------------------------------


def test_help_names_every_command():
    code, out, _ = everline("--help")
    assert code == 0
    for command in ("run", "phone", "press", "screen", "demo", "site", "manager"):
        assert command in out
        assert everline(command, "--help")[0] == 0


@pytest.mark.parametrize("arguments, sentence", [
    (["explode"], "No such command"),
    (["press"], "Missing argument"),
    (["run", "--site", "/there/is/none"], "no folder /there/is/none"),
    (["run", "--display", "3x3"], "no display '3x3'"),
    (["site", "/there/is/none"], "no folder /there/is/none"),
    (["phone", "--config", "/there/is/none", "--state", "."], "no file /there/is/none"),
    (["run", "--learn", "--no-managers"], "the phone can learn of nobody"),
    (["manager", "127.0.0.1", "--user", "1001"], "A user is NAME:PASSWORD"),
    (["manager", "127.0.0.1", "--algorithm", "SHA-1"], "An algorithm of the digest is one of SHA-256, MD5"),
    (["manager", "127.0.0.1", "--watch", "there"], "'there' is no address of a call manager"),
    (["screen", "--panel", "nowhere"], "no address of a panel"),
    (["screen", "--panel", "127.0.0.1:99999"], "no address of a panel"),
])
def test_wrong_use_is_a_sentence_and_code_2(arguments, sentence):
    code, out, err = everline(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err


def test_no_phone_there_is_a_sentence_and_code_1():
    with FakePhone() as fake:
        port = fake.port
    code, out, err = everline("screen", "--panel", "127.0.0.1:%d" % port)
    assert (code, out) == (1, "")
    assert err.startswith("everline: No phone answers at 127.0.0.1:%d" % port)


def test_press_sends_the_keys_in_order_and_knows_words_for_star_and_hash():
    with FakePhone() as fake:
        code, out, err = everline("press", "services", "star", "hash", "--panel", "127.0.0.1:%d" % fake.port)
        assert (code, out, err) == (0, "", "")
        assert [message["key"] for message in fake.heard] == ["services", "*", "#"]


def test_press_of_an_unknown_key_lists_the_keys_and_presses_nothing():
    with FakePhone() as fake:
        code, _, err = everline("press", "services", "any", "--panel", "127.0.0.1:%d" % fake.port)
        assert code == 1
        assert "no key 'any'" in err and "services back" in err
        assert fake.heard == []


def test_screen_as_text_as_json_and_as_picture(tmp_path):
    with FakePhone() as fake:
        where = ["--panel", "127.0.0.1:%d" % fake.port]
        assert "Menü\n   1 News\n>  2 Ελένη" in everline("screen", *where)[1]
        assert json.loads(everline("screen", "--json", *where)[1]) == screen()
        assert everline("screen", "--png", str(tmp_path / "s.png"), *where) == (0, "", "")
        assert Image.open(tmp_path / "s.png").size == (WIDTH, HEIGHT)
        code, _, err = everline("screen", "--png", str(tmp_path / "none" / "s.png"), *where)
        assert code == 1 and "can not be written" in err


def test_a_phone_that_stays_busy_ends_in_a_sentence():
    busy = [{"hello": "everline", "width": 4, "height": 1, "keys": []}, {"screen": screen(busy=True)}]
    with FakePhone(first=busy) as fake:
        code, _, err = everline("screen", "--timeout", "0.3", "--panel", "127.0.0.1:%d" % fake.port)
        assert code == 1 and "still busy after 0.3 s" in err


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_site_serves_a_folder_until_it_is_interrupted(tmp_path, number, code):
    (tmp_path / "menu.xml").write_text("<CiscoIPPhoneMenu/>")
    process = subprocess.Popen([sys.executable, "-m", "host_tools.cli", "site", str(tmp_path)], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    url = process.stdout.readline().split()[0]
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), 3) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"<CiscoIPPhoneMenu/>" in link.makefile("rb").read()
    begun = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=5)
    assert (process.returncode, err) == (code, "")
    assert time.monotonic() - begun < 2
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)), 1)


# --- the terminal ---------------------------------------------------------------------------------


@pytest.mark.parametrize("typed, names", [
    ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
    ("\x1bOA\x1bOP\x1b[14~", ["up", "soft1", "soft4"]),
    ("\r\n\x7f\x1b", ["select", "select", "back", "back"]),
    ("sdmit0*#zxcv", ["services", "directory", "messages", "information", "settings", "0", "*", "#",
                      "soft1", "soft2", "soft3", "soft4"]),
    ("Aq", ["A", "quit"]),
    ("\x1b[15~\x1b[200~\x1b[1;5A5", ["5"]),
    ("é²\x00\x1b[", []),
])
def test_what_is_typed_becomes_keys(typed, names):
    assert keyboard.names(typed) == names


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_live_screen_shows_phone_servers_and_account(width):
    console = Console(width=width, height=40, color_system=None, record=True, file=open(os.devnull, "w"))
    servers = [{"name": "A", "url": "http://x/", "state": "frozen", "words": "is frozen"}]
    requests = [{"server": server, "why": why, "reused": word == "page", "ms": ms, "word": word}
                for server, why, ms, word in (("A", "key", 9, "page"), ("A", "key", 262, "lost"),
                                              ("B", "probe", 3, "well"), ("B", "hedge", 12, "page"),
                                              ("C", "walk", 0, ""))]
    managers = [{"name": "A", "uri": "sip:x", "state": "frozen", "words": "is frozen", "registered": []},
                {"name": "B", "uri": "sip:y", "state": "answering", "words": "answers", "registered": [
                    {"user": "1001", "address": "sip:z", "until": int(time.time() * 1000) + 43000}]}]
    keepalives = [{"server": server, "path": path, "word": word} for server, path, word in (
        ("A", "OPTIONS", "silent"), ("B", "REGISTER", "401"), ("B", "REGISTER", "200"), ("B", "OPTIONS", ""))]
    console.print(terminal.draw(width, 40, screen(prompt="[red]not markup[/]"), "Ward 3", servers,
                                ["one", "two [bold]"], "http://page/", requests, managers, keepalives))
    shown = console.export_text()
    if width >= 80:
        for text in ("Ward 3", "● A", "09:41", "1 News", "2 Ελένη", "[red]not markup[/]", "Select", "Exit",
                     "is frozen", "two [bold]", "http://page/",
                     " A 262 ms lost · B 12 ms page (reused) · C asking", " A  manager is frozen",
                     " B  manager answers  1001 is registered, 43 s left", "OPTIONS silent",
                     "REGISTER 401  REGISTER 200  OPTIONS ..."):
            assert text in shown
    assert max(len(line) for line in shown.splitlines()) <= width


def test_eighty_columns_and_24_rows_show_the_managers_and_the_account():
    console = Console(width=80, height=24, color_system=None, record=True, file=open(os.devnull, "w"))
    servers = [{"name": name, "url": "http://x/", "state": "answering", "words": "answers"} for name in "AB"]
    managers = [{"name": name, "uri": "sip:x", "state": "answering", "words": "answers", "registered": []}
                for name in "AB"]
    account = ["09:41:00  Line %d." % number for number in range(30)]
    console.print(terminal.draw(80, 24, screen(), "Ward 3", servers, account, "http://127.0.0.1:8000/", (),
                                managers))
    shown = console.export_text().splitlines()
    assert len(shown) <= 24 and max(len(line) for line in shown) <= 80
    for text in ("q quits", "09:41", " A  manager answers", " B  manager answers", "Line 25.", "Line 29."):
        assert any(text in line for line in shown), text


# --- the phone's supervisor -----------------------------------------------------------------------

_FIRMWARE = """
import os, sys, time
words = sys.argv[sys.argv.index("--config"):]
options = dict(zip(words[::2], words[1::2]))
print("panel", options["--panel"], flush=True)
print("cause", options["--cause"], flush=True)
life = open(options["--state"] + "/lives", "a+")
life.write(".")
life.flush()
life.seek(0)
lives = len(life.read())
fd = int(os.environ["EVERLINE_WATCHDOG_FD"])
%s
try:
    while True:
        os.write(fd, b".")
        time.sleep(0.05)
except OSError:
    sys.exit(0)
"""


@pytest.fixture
def firmware(tmp_path, monkeypatch):
    """firmware(code): the supervisor runs a stand-in for micropython that does `code` in each life."""
    monkeypatch.setattr(phones, "build_folder", lambda board="unix": tmp_path)

    def make(code):
        program = tmp_path / "micropython"
        script = tmp_path / "stand_in.py"
        script.write_text(_FIRMWARE % code)
        # By way of sh: the path of a Python may hold a space, and a #! line may not.
        command = "%s %s" % (shlex.quote(sys.executable), shlex.quote(str(script)))
        program.write_text('#!/bin/sh\nexec %s "$@"\n' % command)
        program.chmod(0o755)
        monkeypatch.setenv("MICROPYTHON", str(program))
    return make


def until(true, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen within %g s" % seconds
        time.sleep(0.02)


def test_a_phone_starts_passes_on_its_lines_and_stops(firmware):
    firmware("print('   0.001 A note: ü', flush=True)")
    heard = []
    with PhoneProcess({"a": 1}, on_line=heard.append) as process:
        host, port = process.address
        assert host == "127.0.0.1" and port > 0
        until(lambda: "   0.001 A note: ü" in heard)
        assert "cause power" in heard
        assert process.running
        child = process._child
    assert child.poll() is not None
    assert process.ended == "it was stopped"


def test_exit_code_77_starts_it_again_on_the_same_port(firmware):
    firmware("if lives == 1: sys.exit(77)")
    with PhoneProcess({}) as process:
        until(lambda: "cause reset" in process.lines)
        assert process.starts == 2
        assert process.running


def test_a_crash_is_told_and_the_phone_started_again(firmware):
    firmware("if lives == 1: sys.exit(3)")
    events = []
    with PhoneProcess({}, on_event=events.append) as process:
        until(lambda: process.starts == 2 and process.running)
    assert events == ["The phone crashed (exit code 3) and is started again."]


def test_six_crashes_in_a_minute_are_enough(firmware):
    firmware("sys.exit(1)")
    with PhoneProcess({}) as process:
        assert process.wait(10)
        assert process.starts == 6, "safe mode comes after three, and has its chance"
        assert process.ended == "it crashed too often"
        assert "stays off" in process.lines[-1]


def test_a_crash_before_the_panel_is_there_is_no_end_either(firmware, tmp_path, monkeypatch):
    file = tmp_path / "micropython"
    lives = tmp_path / "lives"
    file.write_text("#!/bin/sh\necho x >> %s\nexit 1\n" % lives)
    file.chmod(0o755)
    monkeypatch.setenv("MICROPYTHON", str(file))
    with pytest.raises(Problem, match="did not start"):
        PhoneProcess({}).start()
    assert lives.read_text().count("x") == 6


def test_a_pulled_plug_is_no_crash(firmware):
    firmware("time.sleep(60)")
    with PhoneProcess({}) as process:
        for start in range(1, 9):
            until(lambda start=start: process.lines.count("cause power") == start)
            process.unplug()


def test_an_armed_watchdog_that_is_not_fed_kills_it(firmware, monkeypatch):
    monkeypatch.setattr(phones, "WATCHDOG_SECONDS", 0.6)
    firmware("if lives == 1: os.write(fd, b'.'); time.sleep(60)")
    with PhoneProcess({}) as process:
        until(lambda: "cause watchdog" in process.lines)
        assert process.starts == 2


def test_a_watchdog_that_is_not_armed_waits(firmware, monkeypatch):
    monkeypatch.setattr(phones, "WATCHDOG_SECONDS", 0.3)
    firmware("time.sleep(1.2)")
    with PhoneProcess({}) as process:
        time.sleep(1.0)
        assert process.starts == 1


def test_a_phone_that_does_not_start_says_what_it_said(firmware, tmp_path, monkeypatch):
    (tmp_path / "micropython").write_text("#!/bin/sh\necho 'No such luck.'\nexit 2\n")
    (tmp_path / "micropython").chmod(0o755)
    monkeypatch.setenv("MICROPYTHON", str(tmp_path / "micropython"))
    with pytest.raises(Problem, match="did not start(.|\n)*No such luck"):
        PhoneProcess({}).start()


def test_a_missing_interpreter_is_a_sentence(monkeypatch):
    monkeypatch.setenv("MICROPYTHON", "/there/is/none")
    with pytest.raises(Problem, match="MICROPYTHON=/there/is/none is not a program"):
        PhoneProcess({}).start()


# --- the page -------------------------------------------------------------------------------------


class Standing:
    """What the page needs to know of a phone."""

    def __init__(self, address):
        self.address = address
        self.started_at = time.time()
        self.ended = ""


@pytest.fixture
def page():
    """(page, fake phone); the servers of its world are not started."""
    with FakePhone() as fake:
        made = WebPage(Standing(("127.0.0.1", fake.port)), World(names=True), 18000)
        made.start()
        yield made, fake
        made.close()


def ask(page, path, **headers):
    """(status, headers) of a request to the page."""
    async def go():
        async with aiohttp.ClientSession(page.url) as session, session.get(path, headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.text()
    return asyncio.run(go())


def test_the_page_asks_nothing_of_other_sites(page):
    status, headers, text = ask(page[0], "/")
    assert status == 200
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for name in ("/", "/style.css", "/dom.js", "/link.js", "/world.js", "/requests.js", "/phone.js"):
        status, _, text = ask(page[0], name)
        assert status == 200
        assert "https://" not in text


def test_only_this_machine_may_ask(page):
    assert ask(page[0], "/", Host="evil.example:%d" % page[0].port)[0] == 403
    assert ask(page[0], "/../web.py")[0] == 404
    assert ask(page[0], "/status", Host="evil.example:%d" % page[0].port)[0] == 403


def test_the_page_leads_to_the_status_pages(page):
    status, _, text = ask(page[0], "/")
    assert 'href="status"' in text
    status, _, text = ask(page[0], "/status")
    assert status == 404 and "push.port" in text
    page[0].status = page[0].url + "icon.svg"
    assert ask(page[0], "/status")[1]["Content-Type"].startswith("image/svg+xml")


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://127.0.0.1:1"])
def test_only_the_page_itself_may_open_the_link(page, origin):
    async def go():
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(page[0].url + "link", headers={"Origin": origin} if origin else {})
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        asyncio.run(go())


def told(page, wishes, wanted) -> dict:
    """Send wishes as a window does; the last message of each name, once all that are wanted have come.

    wanted: names, or name -> what must hold for the value.
    """
    async def go():
        seen = {}
        ourselves = {"Origin": page.url.rstrip("/")}
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(page.url + "link", headers=ourselves) as link:
                for wish in wishes:
                    await link.send_str(wish)
                while not all(name in seen and (wanted[name] is None or wanted[name](seen[name]))
                              for name in wanted):
                    seen.update(json.loads((await asyncio.wait_for(link.receive(), 5)).data))
                return seen
    return asyncio.run(go())


def test_the_link_gives_the_latest_of_everything_and_takes_keys(page):
    made, fake = page
    wishes = ("not json", "[]", '{"key": 5}', '{"do": {"server": "Z", "action": "stop"}}',
              '{"do": {"server": "A", "action": "explode"}}', '{"key": "services", "down": true}')
    wanted = ("hello", "screen", "pixels", "phone", "world", "names", "requests", "account", "trouble")
    seen = told(made, wishes, dict.fromkeys(wanted))
    assert seen["account"]["text"] == "The phone starts."
    assert [server["name"] for server in seen["world"]] == ["A", "B"]
    until(lambda: {"key": "services", "down": True} in fake.heard)
    assert [message for message in fake.heard if "key" in message] == [{"key": "services", "down": True}]


def test_the_page_sets_lines_and_the_name_server(page):
    made, _ = page
    line = {"do": {"server": "B", "line": {"delay_ms": 300, "loss": 5}}}
    told(made, [json.dumps(line), '{"names": "lies"}'], {"phone": None})
    world = made._world
    until(lambda: (world["B"].delay_ms, world["B"].loss, world.names.state) == (300, 5, "lies"))
    seen = told(made, [], {"names": None})
    assert [(server["delay_ms"], server["loss"]) for server in seen["world"]] == [(0, 0), (300, 5)]
    assert seen["names"]["words"] == "knows no name"


@pytest.mark.parametrize("wish, sentence", [
    ('{"do": {"server": "A", "line": {"delay_ms": 3001}}}', "A latency is 0 to 3000 ms, not 3001"),
    ('{"do": {"server": "A", "line": {"loss": "5"}}}', "A loss is 0 to 50 %, not '5'"),
    ('{"do": {"server": "A", "line": {"loss": true}}}', "A loss is 0 to 50 %, not True"),
    ('{"names": "explode"}', "A name server can not 'explode'"),
    ('{"names": null}', "A name server can not 'None'"),
])
def test_a_wish_that_can_not_be_is_a_sentence(page, wish, sentence):
    assert sentence in told(page[0], [wish], {"trouble": None})["trouble"]


def test_requests_of_the_phone_reach_the_page(page):
    made, fake = page
    asked = {"n": 1, "t": 900, "server": "A", "path": "/menu.xml", "why": "key", "reused": True, "ms": 0,
             "word": ""}
    told(made, [], {"hello": None})
    fake.send({"asked": asked}, {"asked": {**asked, "ms": 12, "word": "page"}})
    until(lambda: [request["word"] for request in made.hub.requests()] == ["page"])
    seen = told(made, [], {"requests": None})
    assert {**asked, "ms": 12, "word": "page"}.items() <= seen["requests"][0].items()
