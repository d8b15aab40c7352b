"""`everline run`: a small world, one phone, the page, and the live screen in the terminal."""

import collections
import contextlib
import os
import re
import signal
import sys
import threading
import time
import webbrowser

from rich.console import Console
from rich.live import Live

from host_tools import keyboard, terminal
from host_tools.panel import PORT, Panel, PanelError
from host_tools.phone import PhoneProcess, build_folder, free_port
from host_tools.problem import Problem
from host_tools.web import WebPage
from host_tools.world import World

# Ten looks a second at keyboard and screen: quick to the eye, nothing to the machine.
# How often a port may be snatched by another run that starts at the same moment.
PANEL_TRIES = 5
# Where a port for the phone's own status pages is sought, upward.
STATUS_PORT = 8090
TURN_SECONDS = 0.1
ACCOUNT_MAX = 200
# How long a new link may take to say hello before it is tried again.
HELLO_SECONDS = 1.0
_STAMP = re.compile(r"^\s*\d+\.\d+\s+")


@contextlib.contextmanager
def until_signalled():
    """Let SIGTERM and SIGHUP end the body as Ctrl-C does, and nothing disturb the clearing up after it."""
    def interrupt(_number, _frame):
        raise KeyboardInterrupt
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def undisturbed():
    """Ignore further signals: what is being ended is ended wholly."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


class Run:
    """Everything that `everline run` starts, and its account."""

    def __init__(self, folders=(), port: int = 8000, display=None, names: bool = True, managers=True,
                 learn: bool = False):
        self.account = collections.deque(maxlen=ACCOUNT_MAX)
        self.over = threading.Event()
        self._live = False
        self.page = None
        self.world = World(folders, port + 1, self._world_changed, names, managers=managers)
        self._learn = learn
        self._display = display
        self.phone = self._new_phone()
        self._port = port

    def _new_phone(self) -> PhoneProcess:
        return PhoneProcess({}, display=self._display, on_line=self._phone_said, on_event=self._phone_changed)

    def start(self, live: bool) -> None:
        """Start servers, phone and page. live: the account is drawn and not printed."""
        self._live = live
        self.world.start()
        for manager in self.world.managers.all.values() if self._learn else ():
            manager.pointers(True)
        for left in reversed(range(PANEL_TRIES)):
            status = free_port("127.0.0.1", STATUS_PORT)
            push = {"port": status, "user": "ward", "password": "secret"}  # as docs/push.md has them
            self.phone.config = {**self.world.configuration(learn=self._learn), "push": push}
            self.phone.panel = "127.0.0.1:%d" % free_port("127.0.0.1", PORT)
            try:
                self.phone.start()
                break
            except Problem as problem:
                if "is not free" not in str(problem) or not left:
                    raise
                self.phone = self._new_phone()  # another run took the port in between
        self.page = WebPage(self.phone, self.world, self._port)
        self.page.status = "http://127.0.0.1:%d/" % status
        self.page.start()
        for server in self.world.servers.values():
            self._add("server %s at %s" % (server.name, server.url))
        if self.world.names:
            self._add("name server at %s (UDP)" % self.world.names.address)
        for manager in self.world.managers.all.values() if self.world.managers else ():
            self._add("call manager %s at %s (UDP; %s)" % (manager.name, manager.uri, manager.kind))
        self._add("panel at %s:%d" % self.phone.address)
        self._add("status pages at %s" % self.page.status)
        self._add("page at %s" % self.page.url)

    def close(self) -> None:
        """End everything, quickly."""
        self.over.set()
        if self.page is not None:
            self.page.close()
        self.phone.stop()
        self.world.close()

    def _world_changed(self, it) -> None:
        if self.page is None or self.over.is_set():
            return
        if it.sentence:
            self._add(it.sentence)
            self.page.tell("world", it.sentence)
        self.page.world_changed()

    def _phone_changed(self, sentence) -> None:
        self._add(sentence)
        if self.page is not None:
            self.page.tell("world", sentence)

    def _phone_said(self, line) -> None:
        self._add(_STAMP.sub("", line))

    def _add(self, text) -> None:
        line = "%s  %s" % (time.strftime("%H:%M:%S"), text)
        self.account.append(line)
        if not self._live:
            try:
                print(line, flush=True)
            except OSError:
                self.over.set()  # nobody reads: end


def run(folders, port, display, browser, names, managers, learn) -> None:
    """Run until Ctrl-C, q or the end of the phone."""
    console = Console()
    live = console.is_terminal and sys.stdin.isatty()
    with until_signalled():
        everything = Run(folders, port, display, names, managers, learn)
        build_folder()
        try:
            everything.start(live)
            if browser and live and _has_display():
                webbrowser.open(everything.page.url)
            if live:
                _draw(console, everything)
            else:
                while not everything.over.wait(TURN_SECONDS) and not everything.phone.ended:
                    continue
        except KeyboardInterrupt:
            pass  # the usual way to end
        finally:
            with undisturbed():
                ended = everything.phone.ended
                everything.close()
    if ended:
        raise Problem("The phone has ended: %s." % ended)
    if live:
        console.print("Everything has ended.")


def _has_display() -> bool:
    return sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ


def _draw(console, everything) -> None:
    """The live screen; the keys of the terminal drive the phone."""
    panel = None
    with keyboard.Keyboard() as typed, Live(console=console, screen=True, auto_refresh=False) as live:
        while not everything.phone.ended:
            if panel is None or panel.closed:
                panel = _link(everything.phone.address)
            screen = panel.screen if panel else None
            title = "Everline · %s" % panel.hello.get("label", "") if panel else "Everline"
            live.update(terminal.draw(console.width, console.height, screen, title, everything.world.states(),
                                      list(everything.account), everything.page.url,
                                      everything.page.hub.requests(), everything.world.managers_state() or (),
                                      everything.page.hub.keepalives()), refresh=True)
            for name in typed.read(TURN_SECONDS):
                if name == keyboard.QUIT:
                    return
                if name in everything.world.servers:
                    _toggle(everything.world[name])
                elif panel is not None and name in panel.keys:
                    with contextlib.suppress(PanelError):
                        panel.tap(name)


def _link(address):
    """A link to the phone, or None while it does not answer."""
    try:
        return Panel.connect(*address, timeout=HELLO_SECONDS)
    except PanelError:
        return None


def _toggle(server) -> None:
    """Freeze a server that answers, start one that does not; without keeping the screen waiting."""
    def act():
        with contextlib.suppress(Problem):  # its state says how it stands
            server.do("freeze" if server.state == "answering" else "start")
    threading.Thread(target=act, daemon=True).start()
