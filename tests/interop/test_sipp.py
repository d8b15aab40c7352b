"""sipp plays a call manager that asks the phone: scenarios of our own (sipp/*.xml) against a real phone. And
it plays caller and mailbox, with a real Kamailio between them and the phone.

sipp sends from the address that the phone's configuration names as its manager, or from another one as a
stranger. It was written by others and reads strictly, and it repeats what is not answered, as RFC 3261
says. What it cannot send (no SIP at all, what was cut) comes from a plain socket.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from host_tools.panel import Panel
from host_tools.phone import HEAP, PhoneProcess

SCENARIOS = Path(__file__).parent / "sipp"
# All of 127/8 is this machine.
PHONE, MANAGER, STRANGER = "127.0.0.1", "127.0.0.29", "127.0.0.30"
MAILBOX, CALLER = "127.0.0.31", "127.0.0.32"
SECONDS = 20  # no scenario takes longer, on a busy machine either
MENU = b"""<?xml version="1.0"?><CiscoIPPhoneMenu><Title>Pushed services</Title><MenuItem><Name>News</Name>
<URL>news.xml</URL></MenuItem></CiscoIPPhoneMenu>"""
OPTIONS = (
    "OPTIONS sip:1001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s:%d;branch=z9hG4bK%s;rport\r\n"
    "From: <sip:a@b>;tag=1\r\nTo: <sip:1001@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
)


def free_udp(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Site(BaseHTTPRequestHandler):
    """The server to which a push points."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(MENU)))
        self.end_headers()
        self.wfile.write(MENU)

    def log_message(self, *_):
        pass


class Called:
    """A phone at a manager's that never answers it, and sipp."""

    def __init__(self, folder, manager_port=0, **account):
        self.folder = folder
        self.manager_port, self.port = manager_port or free_udp(MANAGER), free_udp(PHONE)
        self.site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=self.site.serve_forever, daemon=True).start()
        sip = {"user": "1001", "password": "secret1001", "port": self.port}
        sip.update(account)
        self.phone = PhoneProcess({
            "identity": {"name": "SEP001122334455", "label": "Ward 3"},
            "homes": [{"name": "A", "manager": "sip:%s:%d" % (MANAGER, self.manager_port)}],
            "sip": sip,
        }, heap=HEAP)  # fmt: skip
        self.panel = Panel.connect(*self.phone.start())
        self.wait_until_it_listens()

    def close(self):
        self.panel.close()
        self.phone.stop()
        self.site.shutdown()

    def sipp(self, name, host=MANAGER, calls=1):
        """Play a scenario; all messages as sipp wrote them down."""
        port = self.manager_port if host == MANAGER else free_udp(host)
        log, errors = self.folder / (name + ".log"), self.folder / (name + ".err")
        done = subprocess.run(
            ["sipp", "%s:%d" % (PHONE, self.port), "-sf", str(SCENARIOS / (name + ".xml")),
             "-i", host, "-p", str(port), "-m", str(calls), "-l", "1", "-nostdin",
             "-key", "url", "http://127.0.0.1:%d/menu.xml" % self.site.server_port,
             "-timeout", str(SECONDS), "-timeout_error",
             "-trace_msg", "-message_file", str(log), "-message_overwrite", "true",
             "-trace_err", "-error_file", str(errors), "-error_overwrite", "true"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * SECONDS, cwd=self.folder,
        )  # fmt: skip
        said = errors.read_text(errors="replace") if errors.exists() else ""
        assert done.returncode == 0, "%s: sipp ends with %d\n%s" % (name, done.returncode, said)
        return log.read_text(errors="replace") if log.exists() else ""

    def say(self, *data, host=STRANGER, wait=0.5):
        """Datagrams from a socket of our own; what came back within `wait` of the last one."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.bind((host, 0))
            link.settimeout(wait)
            for one in data:
                link.sendto(one, (PHONE, self.port))
            out = []
            try:
                while True:
                    out.append(link.recv(65536))
            except TimeoutError:
                return out

    def options(self, mark, host=STRANGER):
        return (OPTIONS % (host, 5060, mark, mark)).encode()

    def wait_until_it_listens(self):
        for attempt in range(4 * SECONDS):
            if self.say(self.options("start%d" % attempt), wait=0.25):
                return
        raise AssertionError("the phone does not listen at port %d" % self.port)


@pytest.fixture(scope="module")
def need_sipp():
    if shutil.which("sipp") is None:
        pytest.skip("there is no sipp here: sudo apt install sip-tester")


@pytest.fixture(scope="module")
def called(need_sipp, tmp_path_factory):
    made = Called(tmp_path_factory.mktemp("sipp"))
    yield made
    made.close()


@pytest.fixture
def fresh(need_sipp, tmp_path):
    """One on whose screen no call is yet: sooner there than the last call is gone from another one's."""
    made = Called(tmp_path)
    yield made
    made.close()


@pytest.fixture
def without_voice(need_sipp, tmp_path):
    made = Called(tmp_path, voice=False)
    yield made
    made.close()


def received(log, status):
    return len(re.findall(r"^SIP/2\.0 %d " % status, log, flags=re.M))


ANSWERS = ("options", "cancel_nothing", "bye", "event_unknown", "method_known", "method_unknown", "extension",
           "check_sync")  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_the_phone_answers(called, name):
    called.sipp(name)


def test_a_call_is_shown_and_kept_and_nobody_hears_a_failure_tone(fresh):
    log = fresh.sipp("invite")
    assert received(log, 480) == 1, "the ACK ends it"
    assert "call" in fresh.panel.tones
    fresh.panel.wait(lambda screen: screen["prompt"] == "Call from Alice (203)", what="who calls")
    fresh.sipp("invite_busy")
    screen = fresh.panel.wait(lambda screen: "2 missed calls" in str(screen["rows"]), what="two calls")
    assert screen["softkeys"][3] == "Calls"
    fresh.panel.press("soft4")
    screen = fresh.panel.wait(lambda screen: screen["title"] == "Missed calls", what="the page of them")
    assert "Bob (203)" in screen["rows"][0]["text"] and "Alice (203)" in str(screen["rows"])
    fresh.panel.press("back")
    fresh.panel.wait(lambda screen: "missed" not in str(screen["rows"]), what="all of them read")


def test_the_answer_to_a_call_is_repeated_until_its_ack(fresh):
    log = fresh.sipp("invite_no_ack")
    # at 0, 0.5, 1.5 and 3.5 s; the ACK comes after 3.9 s
    assert received(log, 480) == 4, log


def test_a_call_that_is_given_up(fresh):
    log = fresh.sipp("cancel")
    assert received(log, 481) == 0


def test_waiting_messages_light_the_lamp(called):
    called.panel.press("back")
    called.sipp("mwi")
    screen = called.panel.wait(lambda screen: "2 messages" in str(screen["rows"]), what="the messages")
    assert screen["softkeys"][2] == "Messages (2)" and called.panel.lamp
    called.sipp("mwi_none")
    called.panel.wait(lambda screen: screen["softkeys"][2] == "Messages", what="no messages")
    assert not called.panel.lamp


def test_strangers_make_nothing_ring(called):
    tones = len(called.panel.tones)
    called.sipp("stranger", STRANGER)
    assert len(called.panel.tones) == tones


def test_pushed_pointers_need_the_password(called):
    called.sipp("push_wrong")
    called.panel.wait_note("wrong password")
    called.sipp("push")
    called.panel.wait(lambda screen: screen["title"] == "Pushed services", what="the pushed page")


def test_what_is_no_sip_costs_nothing(called):
    whole = called.options("hostile")
    hostile = [b"", b"\r\n\r\n", b"\0" * 1400, b"x" * 1500, b"\xff" * 65000, whole[:100],
               b"SIP/2.0 200 OK\r\n\r\n", b"OPTIONS sip:x SIP/2.0\r\n\r\n",
               whole.replace(b"Length: 0", b"Length: 99999"),
               whole.replace(b"\r\n", b"\n"), b"INVITE " + b"a" * 1400 + b" SIP/2.0\r\n\r\n"]  # fmt: skip
    assert called.say(*hostile) == []
    time.sleep(1.1)  # the allowance of strangers
    answers = called.say(called.options("after"))
    assert len(answers) == 1 and answers[0].startswith(b"SIP/2.0 200 OK\r\n")
    assert len(answers[0]) < len(whole) + 100, "nobody can flood another one by way of the phone"


def test_a_flood_of_strangers_gets_few_answers(called):
    time.sleep(1.1)
    answers = called.say(*[called.options("flood%d" % number) for number in range(40)])
    assert 1 <= len(answers) <= 10
    assert called.sipp("options").count("SIP/2.0 200 OK"), "the manager is answered meanwhile"


def test_the_same_request_gets_the_same_answer(called):
    time.sleep(1.1)
    first, second = called.say(*[called.options("twice")] * 2)
    assert first == second


def test_a_phone_without_voice_leaves_calls_to_others(without_voice):
    without_voice.sipp("invite_no_voice")
    assert "call" not in without_voice.panel.tones


@pytest.fixture
def proxy(tmp_path):
    """The port of a Kamailio that leads callers to a mailbox where nobody takes a call; and the mailbox's."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    program = shutil.which("kamailio", path=path)
    if program is None:
        pytest.skip("there is no kamailio here: sudo apt install kamailio")
    port, mailbox = free_udp(MANAGER), free_udp(MAILBOX)
    text = (SCENARIOS / "mailbox.cfg").read_text()
    (tmp_path / "proxy.cfg").write_text(text.replace('"MAILBOX"', '"sip:%s:%d"' % (MAILBOX, mailbox)))
    folder = tempfile.mkdtemp(prefix="cm")  # a path of pytest's is too long for a socket
    with open(tmp_path / "proxy.log", "wb") as log:
        child = subprocess.Popen(
            [program, "-DD", "-E", "-f", str(tmp_path / "proxy.cfg"), "-Y", folder, "-w", folder,
             "-P", folder + "/pid", "-m", "32", "-M", "4", "-l", "udp:%s:%d" % (MANAGER, port)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    yield port, mailbox
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    shutil.rmtree(folder)


def test_a_caller_is_led_to_the_mailbox_and_hears_no_failure_tone(need_sipp, proxy, tmp_path):
    port, mailbox = proxy
    common = ["-m", "1", "-nostdin", "-timeout", str(SECONDS), "-timeout_error"]
    called = Called(tmp_path, port, timers={"spread_ms": 0})
    answering = subprocess.Popen(
        ["sipp", "-sn", "uas", "-i", MAILBOX, "-p", str(mailbox), *common],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path,
    )  # fmt: skip
    try:
        called.panel.wait_note("Registered at A", timeout=SECONDS * 2)
        log = tmp_path / "caller.log"
        done = subprocess.run(
            ["sipp", "%s:%d" % (MANAGER, port), "-sn", "uac", "-s", "1001", "-i", CALLER, *common,
             "-d", "500", "-trace_msg", "-message_file", str(log)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * SECONDS, cwd=tmp_path,
        )  # fmt: skip
        heard = re.findall(r"^SIP/2\.0 (\d+) ", log.read_text(errors="replace"), flags=re.M)
        assert done.returncode == 0, heard
        assert "480" not in heard and heard.count("200") == 2, "to the call, and to its end"
        called.panel.wait(lambda screen: "1 missed call" in str(screen["rows"]), what="the call")
        assert answering.wait(SECONDS) == 0
    finally:
        called.close()
        answering.kill()
        answering.wait()
