"""Pages that live, over real sockets and with what ships: Refresh, the idle page, an Execute as an answer."""

import http.server
import itertools
import threading

import pytest

from host_tools.phone import HEAP, SMALL_DISPLAY, SMALL_HEAP

IDLE_MS = 2000
SECONDS = 4
TEXT = "<CiscoIPPhoneText><Title>%s</Title><Text>%s</Text></CiscoIPPhoneText>"
ITEMS = '<ExecuteItem URL="Init:AppStatus"/><ExecuteItem URL="board.xml"/>'
GO = "<CiscoIPPhoneExecute>%s</CiscoIPPhoneExecute>" % ITEMS


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name, count = self.server.name, self.server.count
        path, refresh = self.path.partition("?")[0], None
        if path == "/go.xml":
            body = GO
        elif path == "/board.xml":
            body, refresh = TEXT % ("Board", "Beds of %s: %d." % (name, next(count))), "1"
        else:
            body, refresh = TEXT % ("Today", "Soup of %s: %d." % (name, next(count))), "1"
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        if refresh:
            self.send_header("Refresh", refresh)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *parts):
        """Nothing is printed."""


@pytest.fixture
def servers():
    """Two servers of pages, A and B."""
    found = []
    for name in "AB":
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        server.name, server.count = name, itertools.count(1)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        found.append(server)
    yield found
    for server in found:
        server.shutdown()
        server.server_close()


def configuration(servers):
    homes = []
    for server in servers:
        base = "http://127.0.0.1:%d/" % server.server_port
        pointers = {"services": base + "go.xml", "idle": base + "idle.xml"}
        homes.append({"name": server.name, "pointers": pointers})
    return {"homes": homes, "timers": {"idle_ms": IDLE_MS, "rest_ms": 500}}


def said(words):
    return lambda screen: any(words in row["text"] for row in screen["rows"]) and not screen["busy"]


@pytest.mark.parametrize("options", [{"heap": HEAP}, {"display": SMALL_DISPLAY, "heap": SMALL_HEAP}])
def test_the_idle_page_comes_lives_fails_over_and_goes(start, servers, options):
    ward = start(config=configuration(servers), **options)
    ward.panel.wait(said("Soup of A: 1."), IDLE_MS / 1000 + SECONDS, "the idle page")
    ward.panel.wait(said("Soup of A: 3."), SECONDS, "it is loaded again")
    servers[0].shutdown()
    servers[0].server_close()
    ward.panel.wait(said("Soup of B: "), SECONDS, "it comes from B")
    ward.press("down")
    ward.panel.wait(lambda screen: screen["kind"] == "idle", 1, "a key ends it")
    ward.press("services")
    ward.panel.wait(said("Beds of B: "), SECONDS, "where an Execute leads, which the key was answered with")
    number = int(ward.panel.screen["rows"][0]["text"].rpartition(" ")[2].strip("."))
    ward.panel.wait(said("Beds of B: %d." % (number + 1)), SECONDS, "that page lives, too")
