"""What tests with real call managers share: phones as processes, sites, timers, and waiting."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from host_tools.panel import Panel
from host_tools.phone import PhoneProcess

# Short, so that the tests are: a death is known within options + twice give-up, 2.5 s.
TIMERS = {
    "t1_ms": 100, "t2_ms": 500, "give_up_ms": 1000, "options_ms": 500, "spread_ms": 300, "poll_ms": 10000,
    "hold_ms": 10000, "idle_ms": 0, "return_ms": 500, "retry_ms": 1000, "expires_ms": 30000,
}  # fmt: skip
WORST_S = 0.5 + 2 * 1.0
SLACK_S = 2.5  # for a loaded machine
MENU = "<CiscoIPPhoneMenu><Title>Services of %s</Title><Prompt>Choose</Prompt><MenuItem><Name>News</Name>" \
       "<URL>news.xml</URL></MenuItem></CiscoIPPhoneMenu>"  # fmt: skip


class Site:
    """An HTTP server with one page; stop() closes its port."""

    def __init__(self, name):
        self.name, self.asked = name, []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(handler):
                self.asked.append(handler.path)
                body = (MENU % name).encode()
                handler.send_response(200)
                handler.send_header("Content-Type", "text/xml")
                handler.send_header("Content-Length", str(len(body)))
                handler.send_header("Connection", "close")
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, *words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d/menu.xml" % self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def configuration(*managers, sites=(), user="1001", password=None, timers=None, **more):
    homes = []
    for at, manager in enumerate(managers):
        home = {"name": "AB"[at], "manager": manager.uri}
        if at < len(sites):
            home["pointers"] = {"services": sites[at].url}
        homes.append(home)
    account = {"user": user, "password": password or "secret" + user, "timers": {**TIMERS, **(timers or {})}}
    raw = {"identity": {"name": "SEP00112233%s" % user, "label": "Ward"}, "homes": homes, "sip": account}
    raw["timers"] = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 1500, "patience_ms": 6000}
    return {**raw, **more}


class Phone:
    """A phone as a process, and its panel."""

    def __init__(self, raw, **options):
        self.process = PhoneProcess(raw, **{"display": "128x64", **options})
        try:
            self.panel = Panel.connect(*self.process.start())
        except BaseException:
            self.process.stop()
            raise

    @property
    def lines(self):
        return list(self.process.lines)

    def said(self, words):
        return any(words in line for line in self.lines)

    def page_of(self, name, seconds=5.0):
        self.panel.press("services")
        self.shows("Services of " + name, seconds)

    def shows(self, words, seconds=5.0):
        self.panel.wait(lambda screen: not screen["busy"] and words in screen["title"], seconds, words)

    def close(self):
        self.panel.close()
        self.process.stop()


def bound(manager, user="1001"):
    """Seconds that a user's binding there has left; 0: there is none, or nobody can say (stopped, frozen)."""
    return max((left for name, _, left in manager.registrations() if name == user), default=0)


def until(holds, seconds, what, phone=None):
    """Wait until holds(); the seconds that it took."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            said = "\n".join(phone.lines) if phone else ""
            raise AssertionError("waited %.1f s in vain for %s\n%s" % (seconds, what, said))
        time.sleep(0.02)
    return time.monotonic() - begun
