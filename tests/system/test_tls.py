"""TLS in the hands: real handshakes of the MicroPython port with OpenSSL, and with those who only pretend.

The certificates are made here, by trustme. The server writes into memory first, so that it can hold back, cut
and bundle what a real one would send in one go.
"""

import contextlib
import datetime
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from http import server as http_server
from pathlib import Path

import pytest
import trustme

from host_tools.panel import Panel
from host_tools.phone import PhoneProcess, interpreter

HERE = Path(__file__).parent
FIRMWARE = HERE.parents[1] / "firmware"
NAME = "site.example"
HEAP = "256wK"  # of a board that can afford TLS


class Certificates:
    def __init__(self, folder):
        own, foreign = trustme.CA(), trustme.CA()
        rsa = trustme.CA(key_type=trustme.KeyType.RSA)
        day = datetime.timedelta(days=1)
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        self.contexts = {
            "good": self.context(own.issue_cert(NAME)),
            "rsa": self.context(rsa.issue_cert(NAME, key_type=trustme.KeyType.RSA)),
            "wildcard": self.context(own.issue_cert("*.example")),
            "address": self.context(own.issue_cert("127.0.0.1")),
            "chain": self.context(own.create_child_ca().issue_cert(NAME)),
            "other name": self.context(own.issue_cert("other.example")),
            "expired": self.context(own.issue_cert(NAME, not_before=now - 9 * day, not_after=now - day)),
            "foreign": self.context(foreign.issue_cert(NAME)),
        }
        self.trust = folder / "ca.pem"
        both = b"Two certificates.\n" + own.cert_pem.bytes() + b"\nThe second:\n" + rsa.cert_pem.bytes()
        self.trust.write_bytes(both)
        self.der = folder / "ca.der"
        self.der.write_bytes(ssl.PEM_cert_to_DER_cert(own.cert_pem.bytes().decode()))
        self.nonsense = folder / "nonsense.pem"
        self.nonsense.write_bytes(b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
        self.half = folder / "half.pem"
        self.half.write_bytes(own.cert_pem.bytes()[:300])

    @staticmethod
    def context(certificate):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(made)
        return made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls"))


class Peer:
    """The server's end of one connection. What it sends goes through `pass_on`."""

    def __init__(self, link, context):
        self.link = link
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self.pass_on = link.sendall

    def step(self, act, *args):
        """Do it, with as many bytes of the phone's as it takes."""
        while True:
            try:
                done = act(*args)
                self.flush()
                return done
            except ssl.SSLWantReadError:
                self.flush()
                data = self.link.recv(65536)
                if not data:
                    raise ConnectionError("the phone has gone") from None
                self.incoming.write(data)

    def flush(self):
        if self.outgoing.pending:
            self.pass_on(self.outgoing.read())

    def request(self):
        self.step(self.tls.do_handshake)
        return self.step(self.tls.read, 65536)


@contextlib.contextmanager
def server(act):
    """act(link) for each connection, in a thread of its own; gives the port and what act returned."""
    listening = socket.create_server(("127.0.0.1", 0))
    outcome = []

    def serve(link):
        with link:
            try:
                outcome.append(act(link))
            except OSError as error:
                outcome.append(error)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1], outcome
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def phone(port, certificates, **want):
    """What the hands made of it: what hands.py prints, and `words` without the times."""
    want = {"port": port, "name": NAME, "trust": str(certificates.trust), **want}
    environment = dict(os.environ, MICROPYPATH="%s:.frozen" % FIRMWARE)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [interpreter(), "-X", "heapsize=" + HEAP, str(HERE / "hands.py"), json.dumps(want)],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    told["words"] = [word if word == "Opened" else why for _, word, _, why in told["heard"]]
    return told


def hello(context):
    """A server that answers each request with ten bytes and takes its leave."""

    def act(link):
        peer = Peer(link, context)
        asked = peer.request()
        peer.step(peer.tls.write, b"0123456789")
        farewell(peer)
        return asked

    return act


def farewell(peer):
    with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLError):
        peer.tls.unwrap()
    peer.flush()


@pytest.mark.parametrize("which", ["good", "rsa", "wildcard", "chain", "address"])
def test_a_certificate_for_the_name_opens(certificates, which):
    name = "127.0.0.1" if which == "address" else NAME
    with server(hello(certificates.contexts[which])) as (port, asked):
        told = phone(port, certificates, name=name, send="GET /")
    assert told["words"] == ["Opened", "end"] and asked == [b"GET /"]
    assert told["received"]["1"][0] == 10 and told["files"][0] == told["files"][1]


@pytest.mark.parametrize("which", ["other name", "expired", "foreign"])
def test_any_other_certificate_is_untrusted_and_hears_nothing(certificates, which):
    with server(hello(certificates.contexts[which])) as (port, asked):
        told = phone(port, certificates, send="GET /")
    assert told["words"] == ["untrusted"] and isinstance(asked[0], ssl.SSLError)
    assert told["files"][0] == told["files"][1]


@pytest.mark.parametrize("trust", ["missing", "nonsense", "half"])
def test_without_certificates_of_its_own_the_phone_trusts_nobody(certificates, trust):
    path = getattr(certificates, trust, certificates.trust.with_name("missing.pem"))
    with server(hello(certificates.contexts["good"])) as (port, asked):
        told = phone(port, certificates, trust=str(path))
    assert told["words"] == ["untrusted"] and not asked


def test_a_certificate_to_trust_may_be_der(certificates):
    with server(hello(certificates.contexts["good"])) as (port, _):
        told = phone(port, certificates, trust=str(certificates.der), send="GET /")
    assert told["words"] == ["Opened", "end"]


def test_it_is_open_when_the_handshake_is_over_and_not_before(certificates):
    """The server's last two records come byte by byte, and the last byte after 300 ms."""

    early = []

    def act(link):
        peer = Peer(link, certificates.contexts["good"])
        flights = []

        def drip(data):
            flights.append(data)
            for at in range(len(data) - 1 if len(flights) == 2 else 0):
                link.sendall(data[at : at + 1])
                time.sleep(0.001)
            if len(flights) == 2:
                time.sleep(0.3)
                link.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    early.append(link.recv(100))
                link.setblocking(True)
            link.sendall(data[-1:] if len(flights) == 2 else data)

        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.pass_on = drip
        asked = peer.request()
        farewell(peer)
        return asked

    with server(act) as (port, outcome):
        told = phone(port, certificates, send="GET /")
    assert told["words"] == ["Opened", "end"]
    assert told["heard"][0][0] >= 300 and not early
    assert outcome == [b"GET /"]


def http(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    time.sleep(0.5)


def middle(link):
    link.recv(1000)
    link.sendall(b"\x16\x03\x03\x00\x50\x02\x00")


def cut_off(link):
    link.recv(1000)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST instead of FIN


def gone(link):
    pass


def modern(link):
    """Nothing in common: a server that speaks no TLS 1.2."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    peer = Peer(link, context)
    try:
        peer.request()
    finally:
        peer.flush()


@pytest.mark.parametrize("act", [http, middle, cut_off, modern, gone])
def test_who_speaks_no_tls_or_breaks_it_off_is_reset(certificates, act):
    with server(act) as (port, _):
        told = phone(port, certificates)
    assert told["words"] == ["reset"] and told["files"][0] == told["files"][1]


def test_nobody_there_is_refused(certificates):
    with server(http) as (port, _):
        pass
    assert phone(port, certificates)["words"] == ["refused"]


def test_a_silent_handshake_costs_nothing_and_can_be_given_up(certificates):
    over = threading.Event()
    with server(lambda link: over.wait(10)) as (port, _):
        told = phone(port, certificates, ms=1500)
        over.set()
    assert told["words"] == [] and told["files"][0] == told["files"][1]
    assert told["cpu_ms"] < 300, "it turns in vain"


def test_the_handshake_is_not_over_with_half_of_a_flight(certificates):
    over = threading.Event()

    def act(link):
        peer = Peer(link, certificates.contexts["good"])

        def half(data):
            link.sendall(data[:-20])
            over.wait(10)

        peer.pass_on = half
        peer.request()

    with server(act) as (port, _):
        told = phone(port, certificates, ms=1500)
        over.set()
    assert told["words"] == [] and told["files"][0] == told["files"][1] and told["cpu_ms"] < 300


def pattern(size):
    """What hands.py knows to be in order."""
    return bytes(range(256)) * (size // 256)


@pytest.mark.parametrize("leave", ["farewell", "none", "at once"])
def test_a_large_answer_comes_whole_however_it_ends(certificates, leave):
    size = 300 * 256

    def act(link):
        peer = Peer(link, certificates.contexts["good"])
        peer.request()
        if leave == "at once":  # the last data, the farewell and the FIN in one segment
            whole = bytearray()
            peer.pass_on = whole.extend
        peer.step(peer.tls.write, pattern(size))
        if leave != "none":
            farewell(peer)
        if leave == "at once":
            link.sendall(whole)

    with server(act) as (port, _):
        told = phone(port, certificates, send="GET /")
    assert told["received"]["1"] == [size, True]
    assert told["words"] == ["Opened", "reset" if leave == "none" else "end"]
    assert told["files"][0] == told["files"][1]


def test_a_large_request_comes_whole_to_one_who_reads_late(certificates):
    size = 8000000  # more than the system holds for us

    def act(link):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        peer = Peer(link, certificates.contexts["rsa"])
        total = len(peer.request())
        time.sleep(0.5)  # the phone can not go on
        while total < 5 + size:
            total += len(peer.step(peer.tls.read, 65536))
        peer.step(peer.tls.write, b"thank you")
        farewell(peer)
        return total

    with server(act) as (port, outcome):
        told = phone(port, certificates, send="POST ", size=size, ms=15000)
    assert told["words"] == ["Opened", "end"] and outcome == [5 + size]
    assert told["received"]["1"][0] == 9


def test_who_leaves_while_the_phone_writes_is_reset(certificates):
    def act(link):
        Peer(link, certificates.contexts["good"]).request()
        cut_off_now(link)

    def cut_off_now(link):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with server(act) as (port, _):
        told = phone(port, certificates, send="POST ", size=3000000)
    assert told["words"] == ["Opened", "reset"] and told["files"][0] == told["files"][1]


@pytest.mark.parametrize("ms", [0, 1, 2, 4, 6, 9, 14, 25, 60])
def test_closing_in_any_phase_leaves_nothing(certificates, ms):
    def act(link):
        peer = Peer(link, certificates.contexts["chain"])
        peer.request()
        for _ in range(100):
            peer.step(peer.tls.write, pattern(2560))
            time.sleep(0.002)

    with server(act) as (port, _):
        told = phone(port, certificates, send="GET /", close_ms=ms, times=10)
    assert set(told["words"]) <= {"Opened"} and told["files"][0] == told["files"][1]


def test_closing_as_soon_as_it_is_open_is_final(certificates):
    with server(hello(certificates.contexts["good"])) as (port, _):
        told = phone(port, certificates, close_opened=True, times=3, ms=200)
    assert told["words"] == ["Opened"] * 3 and told["files"][0] == told["files"][1]


def test_a_handshake_does_not_wait_for_a_late_acknowledgement(certificates):
    """It writes three times and then waits: Nagle's rule would cost 40 ms each time."""
    with server(hello(certificates.contexts["rsa"])) as (port, _):
        told = phone(port, certificates, close_ms=38, times=5)
    assert "Opened" in told["words"]


def test_a_phone_that_ends_with_a_connection_open_ends_in_order(certificates):
    with server(hello(certificates.contexts["good"])) as (port, _):
        told = phone(port, certificates, ms=300, exit=True)
    assert told["words"] == ["Opened"]


class Menu(http_server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    body = (b"<CiscoIPPhoneMenu><Title>Safe</Title>"
            b"<MenuItem><Name>One</Name><URL>x</URL></MenuItem></CiscoIPPhoneMenu>")

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def site(context):
    """A service site over TLS: its port."""
    made = http_server.ThreadingHTTPServer(("127.0.0.1", 0), Menu)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    try:
        yield made.server_port
    finally:
        made.shutdown()
        made.server_close()


def test_a_phone_shows_pages_over_https_and_says_whom_it_does_not_trust(certificates):
    def homes(*ports):
        return {"homes": [
            {"name": name, "pointers": {"services": "https://127.0.0.1:%d/menu.xml" % port}}
            for name, port in zip("AB", ports, strict=True)
        ]}  # fmt: skip

    with site(certificates.contexts["address"]) as good, site(certificates.contexts["foreign"]) as bad, \
            PhoneProcess(homes(bad, good), trust=certificates.trust) as whole, \
            Panel.connect(*whole.address) as panel:
        panel.press("services")
        screen = panel.wait(lambda s: s["title"] == "Safe" and not s["busy"], 5, "a page over https")
        assert (screen["mark"], screen["label"]) == ("▲", "B")
        assert "A has a certificate that this phone does not trust" in screen["prompt"]
        before = time.monotonic()
        panel.press("services")
        panel.settle()
        assert panel.screen["title"] == "Safe" and time.monotonic() - before < 0.3, "without a new handshake"
