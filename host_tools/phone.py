"""A phone as a process: the firmware on the MicroPython unix port, watched as a board would be.

        start            "panel HOST:PORT"            SIGTERM, exit 0
   ──────────> starting ─────────────────> running ──────────────────> ended
                  ^                          │  │  │
                  │  exit 77  (cause reset)  │  │  │ armed and silent for 8 s:
                  ├──────────────────────────┘  │  │ killed (cause watchdog)
                  │  any other exit: a crash    │  │
                  ├─────────────────────────────┘  │     six crashes in a minute: ended
                  ├────────────────────────────────┘
                  └── unplug(): killed (cause power)

The phone pats its watchdog by writing a byte to a pipe (EVERLINE_WATCHDOG_FD); the first byte
arms it. The same pipe tells the phone that its host is gone. All lines that the phone prints
are passed on, tracebacks with the names that the sources have. A crash is what a panic of a board is: a reset
that nobody wished (cause reset). After three of them the phone comes up in safe mode (docs/watchdog.md), so
it is not given up before it had that chance.
"""

import collections
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from host_tools import children
from host_tools.problem import Problem
from host_tools.shorten.back import Back

ROOT = Path(__file__).parents[1]
# Object budgets on a 64-bit machine ("w" counts words): of a board with PSRAM; of a stock ESP32 with Wi-Fi up
# (148 KB), which is what the system tests run with; of the same after a TLS connection (112 KB), which is for
# the small display. The two have 8 more for the panel link, which takes 19 KB of 64 bits, and which a board
# with a display of its own has not.
HEAP, SMALL_HEAP, SMALLEST_HEAP = "256wK", "156wK", "120wK"
SMALL_DISPLAY = "128x64"
# A phone whose watchdog is armed pats it once a turn of its loop; a board's own is set to this too.
WATCHDOG_SECONDS = 8.0
# A phone that has printed no panel line by then does not start at all.
START_SECONDS = 20.0
# After the third it starts in safe mode. A phone that crashes there, too, and again, is helped by nobody.
CRASHES_MAX = 6
CRASH_SECONDS = 60.0
RESTART_CODE = 77
USAGE_CODE = 2  # its command line is wrong, and stays so
LINES_MAX = 2000
# How often the supervisor looks at the watchdog and at a wish to stop.
TURN_SECONDS = 0.25


def interpreter() -> str:
    """The MicroPython unix port to use: MICROPYTHON, else beside this Python, else on the PATH."""
    named = os.environ.get("MICROPYTHON")
    beside = str(Path(sys.executable).parent / "micropython")
    found = shutil.which(named) if named else shutil.which(beside) or shutil.which("micropython")
    if not found and named:
        raise Problem("MICROPYTHON=%s is not a program." % named)
    if not found:
        raise Problem("There is no micropython beside %s. Run `make setup`, or name one with MICROPYTHON=."
                      % sys.executable)
    return found


def build_folder(board: str = "unix") -> Path:
    """Build the firmware of a board where it is out of date; return the folder of what runs."""
    from host_tools.build import build  # here, so that a page or a script that only looks needs no compiler

    return Path(build(board))


def _words(code: str) -> str:
    return "ended by signal %s" % code[1:] if code.startswith("-") else "exit code %s" % code


def free_port(host: str, first: int, steps: int = 100) -> int:
    """The first port from `first` upward that nobody listens on."""
    for port in range(first, min(first + steps, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Problem("No port from %d upward is free on %s." % (first, host))


def _free(panel: str) -> str:
    """host:port with port 0 replaced. It is chosen here because a phone that restarts must keep it."""
    host, colon, port = panel.rpartition(":")
    if not (host and colon and port.isdigit() and int(port) < 65536):
        raise Problem("%r is no address of a panel: HOST:PORT is wanted, such as 127.0.0.1:5100." % panel, 2)
    return panel if int(port) else "%s:%d" % (host, free_port(host, 0, 1))


class PhoneProcess:
    """One phone. `config` is a dict, or the path of a JSON file (which may be broken: the phone says so).

    panel is "host:port"; with port 0 a free one is chosen, and a restart keeps it.
    trust is a file of certificates (PEM) by which the phone verifies servers, put beside a config that is a
    dict; beside a config that is a file lies its own, ca.pem.
    state is the folder of what the phone stores; without one it gets a new, empty one each time.
    folder is where the built firmware is, without one build/unix.
    on_line(text) is called for every line that the phone prints, on_event(text) for what happened to
    the phone itself (a crash, a restart); both from the supervising thread.
    """

    def __init__(self, config, panel: str = "127.0.0.1:0", state=None, display=None,
                 on_line=None, on_event=None, heap=HEAP, trust=None, folder=None):
        self.config = config
        self.folder = folder
        self.trust = trust
        self.panel = panel
        self.state = state
        self.display = display
        self.heap = heap
        self.address = None
        self.starts = 0
        self.started_at = 0.0
        self.lines = collections.deque(maxlen=LINES_MAX)
        self.ended = ""
        self._on_line = on_line or (lambda text: None)
        self._on_event = on_event or (lambda text: None)
        self._asked = ""
        self._scratch = None
        self._child = None
        self._stopping = threading.Event()
        self._unplugged = threading.Event()
        self._ready = threading.Event()
        self._over = threading.Event()
        self._supervisor = None
        self._back = None  # translates what the phone says

    def __enter__(self) -> "PhoneProcess":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether a phone runs at this moment."""
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self):
        """Process id of the phone that runs, or None."""
        return self._child.pid if self.running else None

    def start(self) -> tuple:
        """Start the phone and return (host, port) of its panel; Problem where it does not start."""
        command = [interpreter(), "-X", "heapsize=" + self.heap]
        folder = Path(self.folder or build_folder())
        self._scratch = tempfile.TemporaryDirectory(prefix="everline-")
        state = Path(self.state or Path(self._scratch.name) / "state")
        try:
            state.mkdir(parents=True, exist_ok=True)
            config = self.config
            if isinstance(config, dict):
                config = Path(self._scratch.name) / "config.json"
                config.write_text(json.dumps(self.config, indent=2), encoding="utf-8")
                if self.trust:
                    shutil.copy(self.trust, config.with_name("ca.pem"))
        except OSError as error:
            raise Problem("%s can not be used: %s." % (error.filename or state, error.strerror)) from error
        self._asked = _free(self.panel)
        command += [str(folder / "main.py"), "--config", str(Path(config).resolve()),
                    "--state", str(state.resolve()), "--panel", self._asked]
        if self.display:
            command += ["--display", self.display]
        self._back = Back.of(folder)
        self._supervisor = threading.Thread(
            target=self._supervise, args=(command, folder), name="phone", daemon=True)
        self._supervisor.start()
        self._ready.wait(START_SECONDS)
        if self.address is None:
            self.stop()
            said = "".join("\n  " + line for line in list(self.lines)[-12:])
            raise Problem("The phone did not start%s" % (": it said\n" + said.lstrip("\n") if said else "."))
        return self.address

    def stop(self) -> None:
        """End the phone and wait until it has ended. Stopping twice does no harm."""
        self._stopping.set()
        if self._supervisor is not None and self._supervisor is not threading.current_thread():
            self._supervisor.join()
        if self._scratch is not None:
            self._scratch.cleanup()

    def wait(self, timeout=None) -> bool:
        """Wait until the phone has ended for good (`ended` says why); False after `timeout` seconds."""
        return self._over.wait(timeout)

    def send(self, number: int) -> None:
        """Send a signal to the phone that runs, if one does: SIGKILL is a crash, SIGSTOP a hang."""
        if self._child is not None:
            children.send(self._child, number)

    def unplug(self) -> None:
        """Pull the plug of the phone that runs, and put it back."""
        self._unplugged.set()

    # --- the supervising thread -----------------------------------------------------------------

    def _supervise(self, command, folder) -> None:
        crashes = collections.deque(maxlen=CRASHES_MAX)
        cause = "power"
        try:
            while cause and not self._stopping.is_set():
                cause = self._judge(self._live(command, folder, cause), crashes)
        except OSError as error:
            self._say("The phone can not be started: %s." % error.strerror)
            self.ended = "it could not be started"
        finally:
            self._ready.set()
            self._over.set()

    def _live(self, command, folder, cause) -> str:
        """One life of the phone; returns how it ended: "stopped", "watchdog", "power" or its exit code."""
        self._unplugged.clear()
        reading, writing = os.pipe()
        environment = dict(os.environ, MICROPYPATH="%s:.frozen" % folder, EVERLINE_WATCHDOG_FD=str(writing))
        try:
            child = children.spawn([*command, "--cause", cause], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                                   pass_fds=(writing,))
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._child = child
        self.starts += 1
        self.started_at = time.time()
        try:
            return self._watch(child, reading)
        finally:
            children.end(child)
            child.stdout.close()
            os.close(reading)

    def _watch(self, child, pats) -> str:
        heard, last_pat = b"", None
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            ready.register(pats, selectors.EVENT_READ)
            while not self._stopping.is_set():
                for key, _ in ready.select(TURN_SECONDS):
                    data = os.read(key.fd, 65536)
                    if not data:
                        ready.unregister(key.fileobj)
                    elif key.fd == pats:
                        last_pat = time.monotonic()
                    else:
                        *lines, heard = (heard + data).split(b"\n")
                        for line in lines:
                            self._hear(line.decode("utf-8", "replace").rstrip("\r"))
                code = child.poll()
                if code is not None and child.stdout not in [key.fileobj for key in ready.get_map().values()]:
                    return str(code)
                if last_pat is not None and time.monotonic() - last_pat > WATCHDOG_SECONDS:
                    child.kill()
                    return "watchdog"
                if self._unplugged.is_set():
                    child.kill()
                    return "power"
        return "stopped"

    def _judge(self, end, crashes) -> str:
        """The cause to start again with, or "" where the phone has ended for good."""
        if end == "stopped":
            self.ended = "it was stopped"
        elif end == "watchdog":
            self._say("The phone was silent for %d s: its watchdog starts it again." % WATCHDOG_SECONDS)
            return "watchdog"
        elif end == "power":
            self._say("The phone is plugged in again.")
            return "power"
        elif end == str(RESTART_CODE):
            self._say("The phone starts again, as it wished.")
            return "reset"
        elif end == "0":
            self.ended = "it ended in good order"
        elif end == str(USAGE_CODE) and self.address is None:
            self.ended = "it did not start (%s)" % _words(end)
        else:
            now = time.monotonic()
            crashes.append(now)
            if len(crashes) < CRASHES_MAX or now - crashes[0] > CRASH_SECONDS:
                self._say("The phone crashed (%s) and is started again." % _words(end))
                return "reset"
            self._say("The phone crashed %d times within a minute (%s) and stays off."
                      % (CRASHES_MAX, _words(end)))
            self.ended = "it crashed too often"
        return ""

    def _hear(self, line) -> None:
        line = self._back.line(line)
        word, _, where = line.partition(" ")
        host, _, port = where.rpartition(":")
        # The first such line, of the address we asked for: a later one may be a server's words.
        if word == "panel" and not self._ready.is_set() and where == self._asked:
            self.address = (host, int(port))
            self._ready.set()
        elif line:
            self.lines.append(line)
            self._on_line(line)

    def _say(self, sentence) -> None:
        self.lines.append(sentence)
        self._on_event(sentence)
