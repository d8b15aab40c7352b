"""`everline doctor`: a configuration and its servers as a phone sees them, with real servers."""

import copy
import json
import re
import socket
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from host_tools.doctor import doctor
from host_tools.world import World
from tests.host.test_cli import everline

FIRST_PORT = 8461
# Short, so that the tests are.
TIMERS = {"connect_ms": 500, "first_byte_ms": 600, "request_ms": 1500}


@pytest.fixture(scope="module")
def world():
    with World(first_port=FIRST_PORT, names=True) as made:
        yield made


@pytest.fixture
def well(world):
    """Everything answers; the phone's configuration."""
    for server in world.servers.values():
        server.start()
    world.names.mode("well")
    return copy.deepcopy(world.configuration(TIMERS))


@pytest.fixture
def look(tmp_path):
    """look(configuration) -> (exit code, findings); also what is no JSON."""

    def looker(raw):
        file = tmp_path / "phone.json"
        file.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
        lines = []
        code = doctor(file, True, lines.append)
        return code, [json.loads(line) for line in lines]

    return looker


def about(findings, kind, **which):
    """The findings of a kind whose fields are these."""
    return [one for one in findings if one["about"] == kind and which.items() <= one.items()]


def texts(findings, kind):
    return [one["text"] for one in about(findings, kind)]


def wrong(findings):
    return [one["text"] for one in findings if one["ok"] is False and one["about"] != "verdict"]


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_two_servers_that_are_well(well, look):
    code, found = look(well)
    assert (code, wrong(found)) == (0, []), found
    assert "a.everline.test is 127.0.0.1." in texts(found, "name")
    assert len(about(found, "page", outcome="page")) == 8, "four keys on two servers"
    assert "gives a page after" in texts(found, "page")[0]
    assert texts(found, "loss") == [
        "Without A: Services, Directory, Messages, Information from B.",
        "Without B: Services, Directory, Messages, Information from A.",
    ]
    ms = 36000 + 5000 + 2 * (TIMERS["connect_ms"] + TIMERS["first_byte_ms"])
    assert about(found, "bound")[0]["ms"] == ms and "within 44 s" in texts(found, "bound")[0]
    assert found[-1] == {"about": "verdict", "ok": True, "text": "Nothing is wrong."}


def test_one_that_is_dead_and_one_that_is_frozen(world, well, look):
    world["A"].stop()
    code, found = look(well)
    assert code == 1
    menu = "http://a.everline.test:%d/menu.xml" % world["A"].port
    assert "A, Services (%s) refused the connection." % menu in wrong(found)
    assert "Without B: Services, Directory, Messages, Information from nobody." in wrong(found)
    assert "Without A: Services, Directory, Messages, Information from B." not in wrong(found)
    world["A"].start()
    world["B"].freeze()
    code, found = look(well)
    assert code == 1
    frozen = about(found, "page", server="B", outcome="failed")
    assert len(frozen) == 4 and "takes the connection but does not answer within" in frozen[0]["text"]


def test_a_page_that_is_not_there_is_a_mistake_of_the_configuration(well, look):
    pointers = well["homes"][1]["pointers"]
    pointers["messages"] = pointers["services"].replace("menu", "gone")
    code, found = look(well)
    assert code == 1
    assert any("has no such page (404)" in text for text in wrong(found)), wrong(found)
    assert "Without A: Services, Directory, Information from B; Messages from nobody." in wrong(found)


def test_a_name_that_does_not_exist_and_a_name_server_that_is_silent_do_not_look_alike(world, well, look):
    well["homes"][1]["pointers"] = {"services": "http://nobody.everline.test:81/menu.xml?pin=4711"}
    code, found = look(well)
    assert code == 1
    said = 'nobody.everline.test: B has a name that does not exist: "nobody.everline.test".'
    assert said in wrong(found)
    assert "4711" not in json.dumps(found), "a query may hold a secret"
    world.names.mode("silent")
    code, found = look(well)
    assert code == 1
    assert len([text for text in wrong(found) if "no name server answers" in text]) >= 3


def test_a_server_over_tls_without_ca_pem(well, look):
    well["homes"][1]["pointers"] = {"services": "https://127.0.0.1:%d/menu.xml" % closed_port()}
    code, found = look(well)
    assert code == 1
    assert any("ca.pem" in text for text in wrong(found))
    assert "One over https that still takes connections: within 61 min." in texts(found, "bound")


@contextmanager
def secure(certificate):
    """A server over TLS with this certificate; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    class Menu(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<CiscoIPPhoneText><Title>Here</Title><Text>Yes.</Text></CiscoIPPhoneText>"
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        def get_request(self):
            link, whence = super().get_request()
            return context.wrap_socket(link, server_side=True, do_handshake_on_connect=False), whence

        def handle_error(self, *_):
            pass  # the doctor hangs up on who cannot be trusted

    server = Server(("127.0.0.1", 0), Menu)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_certificates(well, look, tmp_path):
    own, foreign = trustme.CA(), trustme.CA()
    (tmp_path / "ca.pem").write_bytes(own.cert_pem.bytes())
    well["timers"] = {}  # a handshake of Python's beside tests takes its time
    with secure(own.issue_cert("127.0.0.1")) as good, secure(foreign.issue_cert("127.0.0.1")) as bad:
        for home, port in zip(well["homes"], (good, bad)):
            home["pointers"] = {"services": "https://127.0.0.1:%d/menu.xml" % port}
        code, found = look(well)
    assert code == 1
    assert about(found, "page", server="A", outcome="page") and not about(found, "network", ok=False)
    said = "B, Services (https://127.0.0.1:%d/menu.xml) has a certificate that this phone does not trust."
    assert said % bad in wrong(found)


def test_mistakes_are_named_by_their_path_and_the_rest_is_looked_at(well, look):
    well["timers"]["connect_ms"] = "soon"
    well["homess"] = []
    code, found = look(well)
    assert code == 1
    assert [one["ok"] for one in about(found, "configuration")] == [False, False]
    assert any("timers.connect_ms" in text for text in wrong(found))
    assert len(about(found, "page", outcome="page")) == 8


@pytest.mark.parametrize("raw, said", [
    ("{", "The file is not valid JSON."),
    ("[" * 12300, "The file is longer than 12288 bytes."),
])  # fmt: skip
def test_a_file_that_cannot_be_used(raw, said, look):
    code, found = look(raw)
    assert code == 2 and texts(found, "configuration") == [said] and not about(found, "page")


def test_the_command(well, tmp_path):
    file = tmp_path / "phone.json"
    file.write_text(json.dumps(well), encoding="utf-8")
    code, out, err = everline("doctor", "--config", str(file))
    assert (code, err) == (0, "")
    assert out.startswith("Configuration\n  The configuration has no mistakes.\n\nNetwork\n")
    assert out.endswith("\nNothing is wrong.\n")
    for heading in ("Names", "Servers", "Were one lost", "How soon a death is known"):
        assert "\n%s\n" % heading in out
    well["homes"][0]["pointers"] = {"services": "http://127.0.0.1:%d/" % closed_port()}
    file.write_text(json.dumps(well), encoding="utf-8")
    code, out, err = everline("doctor", "--config", str(file))
    assert code == 1 and "! A, Services (http://127.0.0.1:" in out
    assert everline("doctor", "--config", str(tmp_path / "none.json"))[0] == 2


# --- call managers ----------------------------------------------------------------------------------


@contextmanager
def manager(status="200 OK"):
    """Answers each request with this status, "": with silence. Gives (its SIP address, what came)."""
    came = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))

        def serve():
            while True:
                try:
                    data, whence = link.recvfrom(2000)
                except OSError:
                    return
                if not data:
                    return
                came.append(data.decode())
                kept = re.findall(rb"(?m)^(?:Via|From|To|Call-ID|CSeq):.*\r\n", data)
                if status:
                    head = b"SIP/2.0 %s\r\n" % status.encode() + b"".join(kept)
                    link.sendto(head + b"Content-Length: 0\r\n\r\n", whence)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield "sip:127.0.0.1:%d" % link.getsockname()[1], came
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(b"", link.getsockname())
            thread.join()


def managed(well, *managers):
    for home, uri in zip(well["homes"], managers):
        home["manager"] = uri
    well["sip"] = {"user": "1001", "password": "geheim", "timers": {"give_up_ms": 1000}}
    return well


def test_call_managers_are_asked_by_options_and_nobody_is_registered(well, look):
    with manager() as (a, at_a), manager("404 Not Found") as (b, at_b):
        code, found = look(managed(well, a, b))
    assert (code, wrong(found)) == (0, []), found
    assert [message.partition(" ")[0] for message in at_a + at_b] == ["OPTIONS", "OPTIONS"]
    assert "1001" not in "".join(at_a + at_b) and "geheim" not in json.dumps(found)
    one, two = (about(found, "manager", status=status)[0] for status in (200, 404))
    assert one["text"].startswith("A (%s) answers OPTIONS with 200 OK after " % a[4:])
    assert two["server"] == "B" and two["ok"], "whatever it says, it is alive"
    keys = "Services, Directory, Messages, Information"
    assert texts(found, "loss")[0] == "Without A: registered at B; %s from B." % keys
    assert texts(found, "loss")[1] == "Without B: registered at A; %s from A." % keys
    said = "Call manager A, if it stops while the phone is registered there: within 32 s."
    assert said in texts(found, "bound"), "30 s until it is asked, and twice a second"


def test_a_dead_call_manager(well, look):
    with manager() as (a, _), manager("") as (b, at_b):
        code, found = look(managed(well, a, b))
    assert code == 1
    assert wrong(found) == [
        "B (%s) does not answer within 1.0 s." % b[4:],
        "Without A: registered nowhere; Services, Directory, Messages, Information from B.",
    ]
    assert len(at_b) > 1, "it was asked again before it was given up"


def test_a_call_manager_that_is_busy_or_has_no_address(well, look):
    with manager("503 Service Unavailable") as (a, _):
        code, found = look(managed(well, a, "sip:nobody.everline.test"))
    assert code == 1
    assert any(text.startswith("A (%s) answers OPTIONS with 503" % a[4:]) for text in wrong(found))
    said = 'B: sip:nobody.everline.test has a name that does not exist: "nobody.everline.test".'
    assert said in wrong(found)
    assert any("registered nowhere" in text for text in wrong(found))
