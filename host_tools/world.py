"""The small world around a phone: service sites that can be stopped, frozen and made to misbehave.

    with World([folder]) as world:
        world["A"].do("freeze")
        world.configuration()

Each server is a process of its own, so that stop and freeze are the real thing:

| do | what happens |
|---|---|
| stop | SIGKILL: connections are refused |
| freeze | SIGSTOP: connections open, nothing answers |
| start | whatever is needed so that it answers well, on the same port |
| hole | it does not even take connections: who connects waits in vain |
| slow, 503, garbage ... | the fault modes of `site`; a stopped or frozen server comes back for it |

Before each server is a line with latency and loss (`line.py`): world["A"].line(delay_ms=100, loss=5). With
World(names=True) the servers have names, and the world a name server that tells them (`names.py`):
world.names.mode("silent"). With World(managers=True) it has two call managers (`managers.py`), each of which
operates the server of its letter: world.managers["A"].do("freeze").
"""

import collections
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from host_tools import children
from host_tools.kamailio import free_port
from host_tools.line import DELAY_MS_MAX, LOSS_MAX
from host_tools.managers import PASSWORD, TIMERS, USER, Managers
from host_tools.names import Names
from host_tools.problem import Problem
from host_tools.site import MODES

FIRST_PORT = 8001
INTRANET = Path(__file__).parent / "intranet"
# Server A is a.everline.test: no name below "test" is anybody's (RFC 6761).
DOMAIN = "everline.test"
# Starting Python and aiohttp takes half a second on a desk and a few on a loaded board.
START_SECONDS = 20.0
# How long a port that is somebody's may stay so: whoever tries ports lets them go at once.
BUSY_SECONDS = 1.0
# A site answers a switch of its mode at once; it is not frozen then.
SWITCH_SECONDS = 5.0
REQUESTS_MAX = 1000
# A phone takes this many homes.
SERVERS_MAX = 16
# Which file of a folder a hard key opens, in order of preference.
SERVICE_FILES = {
    "services": ("menu.xml", "index.xml", "services.xml"),
    "directory": ("directory.xml", "people.xml"),
    "messages": ("messages.xml",),
    "information": ("information.xml", "help.xml"),
}
ACTIONS = ("start", "stop", "freeze", *(mode for mode in MODES if mode != "ok"))


class Server:
    """One service site. `state` is "answering", "stopped", "frozen" or a fault mode of `site`.

    `seed` makes the losses of its line come in the same order each time. on_change(server) is called, from
    any thread, after its state or its line has changed; `sentence` is the latest change. cache_control: the
    header of its pages, for a phone that is to forget them, or is not.
    """

    def __init__(self, name: str, folder, port: int, on_change=None, on_request=None, seed=None,
                 cache_control=None):
        self.name = name
        self.folder = Path(folder)
        self.port = port
        self.state = "stopped"
        self.sentence = "Server %s is not started." % name
        self.delay_ms = 0
        self.loss = 0
        self._seed = seed
        self._cache_control = cache_control
        self.requests = collections.deque(maxlen=REQUESTS_MAX)
        self._on_change = on_change or (lambda server: None)
        self._on_request = on_request or (lambda request: None)
        self._child = None
        self._heard = queue.Queue()
        self._lock = threading.RLock()
        self._settled = False

    @property
    def url(self) -> str:
        """Where its pages are; ends with a slash."""
        return "http://127.0.0.1:%d/" % self.port

    @property
    def named_url(self) -> str:
        """The same by name, for who asks the world's name server."""
        return "http://%s:%d/" % (self.host, self.port)

    @property
    def host(self) -> str:
        """Its name."""
        return "%s.%s" % (self.name.lower(), DOMAIN)

    @property
    def pid(self):
        """Process id of the server, or None while it is stopped."""
        child = self._child
        return child.pid if child is not None else None

    @property
    def words(self) -> str:
        """The state in plain words, to follow the name."""
        if self.state == "answering":
            return MODES["ok"]
        if self.state == "stopped":
            return "is stopped: connections are refused"
        if self.state == "frozen":
            return "is frozen: connections open, nothing answers"
        return MODES[self.state]

    def line(self, delay_ms=None, loss=None) -> None:
        """Set latency (one way) and loss (per cent) of its line. They outlive stop, freeze and start."""
        for value, most, what in ((delay_ms, DELAY_MS_MAX, "A latency is 0 to %d ms"),
                                  (loss, LOSS_MAX, "A loss is 0 to %d %%")):
            if value is not None and (type(value) is not int or not 0 <= value <= most):
                raise Problem("%s, not %r." % (what % most, value), 2)
        with self._lock:
            before = self.delay_ms, self.loss
            self.delay_ms = self.delay_ms if delay_ms is None else delay_ms
            self.loss = self.loss if loss is None else loss
            if (self.delay_ms, self.loss) == before:
                return
            if self.state not in ("stopped", "frozen"):  # those hear of it when they come back
                self._send({})
            time_taken = "%d ms" % self.delay_ms if self.delay_ms < 1000 else "%g s" % (self.delay_ms / 1000)
            takes = ["takes %s each way" % time_taken] if self.delay_ms else []
            loses = ["loses %d\N{NO-BREAK SPACE}%%" % self.loss] if self.loss else []
            words = " and ".join(takes + loses) or "is perfect again"
            self.sentence = "The line to server %s %s." % (self.name, words)
            self._on_change(self)

    def do(self, action: str, ms: int = 0) -> None:
        """Do one of ACTIONS; `ms` is for lag. Problem where it did not work."""
        if action not in ACTIONS:
            raise Problem("A server can not %r. It can: %s." % (action, " ".join(ACTIONS)), 2)
        with self._lock:
            if action == "stop":
                self._end()
            elif action == "freeze":
                self._begin()
                self._switch("ok")
                children.send(self._child, signal.SIGSTOP)
                self._become("frozen")
            else:
                self._begin()
                mode = "ok" if action == "start" else action
                self._switch(mode, ms)
                self._become("answering" if mode == "ok" else mode)

    def start(self) -> None:
        """Let it answer well, whatever its state was."""
        self.do("start")

    def stop(self) -> None:
        """Kill it: connections are refused from now on."""
        self.do("stop")

    def freeze(self) -> None:
        """Stop it in its tracks: connections still open, nothing answers."""
        self.do("freeze")

    def mode(self, mode: str, ms: int = 0) -> None:
        """Switch to one of the modes of `site`."""
        self.do("start" if mode == "ok" else mode, ms)

    def _begin(self) -> None:
        """See that the process runs and is not frozen."""
        if self._child is not None and self._child.poll() is None:
            children.send(self._child, signal.SIGCONT)
            return
        environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[1]))
        command = [sys.executable, "-m", "host_tools.site", str(self.folder), "--name", self.name,
                   "--port", str(self.port)]
        if not self._settled:
            command.append("--step")
        if self._seed is not None:
            command += ["--seed", str(self._seed)]
        if self._cache_control:
            command += ["--cache-control", self._cache_control]
        said = self._spawn(command, environment)
        if self._settled and "busy" in said.get("problem", ""):  # another program tries ports just now
            time.sleep(BUSY_SECONDS)
            said = self._spawn(command, environment)
        if "port" not in said:
            self._end()
            reason = said.get("problem", "it said nothing.")
            raise Problem("Server %s could not be started: %s" % (self.name, reason))
        self.port = said["port"]
        self._settled = True

    def _spawn(self, command, environment) -> dict:
        """Start the process; what it says first."""
        self._heard = queue.Queue()
        self._child = children.spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        threading.Thread(target=self._listen, args=(self._child, self._heard), daemon=True,
                         name="site " + self.name).start()
        return self._hear(("port", "problem"), START_SECONDS)

    def _switch(self, mode, ms=0) -> None:
        if self._send({"mode": mode, "ms": ms}) != mode:
            raise Problem("Server %s did not take the mode %s." % (self.name, mode))

    def _send(self, wish) -> str:
        """Tell the process what is wanted, and how its line is; return the mode that it has then."""
        wish["line"] = {"delay_ms": self.delay_ms, "loss": self.loss}
        try:
            self._child.stdin.write(json.dumps(wish).encode() + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise Problem("Server %s has ended by itself." % self.name) from error
        return self._hear(("mode",), SWITCH_SECONDS).get("mode", "")

    def _hear(self, names, seconds) -> dict:
        try:
            said = self._heard.get(timeout=seconds)
        except queue.Empty:
            return {}
        return said if any(name in said for name in names) else {}

    def _listen(self, child, heard) -> None:
        for line in child.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if "request" in said:
                self.requests.append(said)
                self._on_request(said)
            else:
                heard.put(said)
        child.stdout.close()
        heard.put({})
        child.wait()
        if self._child is child and self.state != "stopped":
            self._become("stopped")

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            try:
                child.stdin.close()
            except OSError:
                pass  # a line was waiting for a process that is gone
        self._become("stopped")

    def _become(self, state) -> None:
        changed, self.state = self.state != state, state
        if changed:
            self.sentence = "Server %s %s." % (self.name, self.words)
            self._on_change(self)


class World:
    """Servers A and B. `folders`: none for the little intranet, one for both, or one for each.

    names: with a name server (`self.names`, else None), and named URLs in the configuration. managers: with
    call managers (`self.managers`, else None): True for what is installed, or one of `managers.KINDS`. seed:
    the lines lose the same pieces each time. cache_control: the header of all pages. on_change(it) is called,
    from any thread, after the state of one of them has changed: it.sentence says so, unless it is empty.
    """

    def __init__(self, folders=(), first_port: int = FIRST_PORT, on_change=None, names: bool = False,
                 seed=None, cache_control=None, managers=False):
        folders = [Path(folder) for folder in folders] or [INTRANET]
        for folder in folders:
            if not folder.is_dir():
                raise Problem("There is no folder %s." % folder, 2)
        if len(folders) == 1:
            folders = folders * 2
        if len(folders) > SERVERS_MAX:
            raise Problem("At most %d folders can be served." % SERVERS_MAX, 2)
        self.servers = {}
        for place, folder in enumerate(folders):
            name = chr(ord("A") + place)
            self.servers[name] = Server(name, folder, first_port + place, on_change,
                                        seed=None if seed is None else seed + place,
                                        cache_control=cache_control)
        hosts = {server.host: "127.0.0.1" for server in self.servers.values()}
        self.names = Names(hosts, on_change) if names else None
        self.managers = None
        if managers:
            self._sip_port = free_port()  # 5060 is another phone's, if anybody's
            known = {letter: server.host for letter, server in self.servers.items()} if names else {}
            # Two, however many servers there are: enough to lose one.
            kind = None if managers is True else managers
            self.managers = Managers([*self.servers][:2], kind, on_change, known)

    def __getitem__(self, name: str) -> Server:
        if name not in self.servers:
            raise Problem("There is no server %r. There are: %s." % (name, " ".join(self.servers)), 2)
        return self.servers[name]

    def __enter__(self) -> "World":
        return self.start()

    def __exit__(self, *_) -> None:
        self.close()

    def start(self) -> "World":
        """Start every server, each on a port of its own, and the name server if there is one."""
        try:
            if self.names:
                self.names.start()
            port = 0
            for server in self.servers.values():
                server.port = max(server.port, port)
                server.start()
                port = server.port + 1
            if self.managers:
                self.managers.start({letter: self._pages(server) for letter, server in self.servers.items()})
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Kill every server."""
        if self.managers:
            self.managers.close()
        for server in self.servers.values():
            server.stop()
        if self.names:
            self.names.close()

    def states(self) -> list:
        """What a page or a script wants to know of each server."""
        return [{"name": server.name, "url": server.url, "host": server.host if self.names else "",
                 "state": server.state, "words": server.words,
                 "delay_ms": server.delay_ms, "loss": server.loss}
                for server in self.servers.values()]

    def names_state(self):
        """The same of the name server, or None where there is none."""
        names = self.names
        return names and {"address": names.address, "state": names.state, "words": names.words}

    def managers_state(self):
        """The same of the call managers, or None where there are none."""
        return self.managers.states() if self.managers else None

    def _pages(self, server) -> dict:
        """Where each service begins on a server, as a phone is to know it."""
        return _pointers(server, server.named_url if self.names else server.url)

    def configuration(self, timers=None, learn: bool = False, **identity) -> dict:
        """A phone's configuration with these servers as its homes, in order.

        learn: with the first one only. The phone hears of the second from the first one's call manager.
        """
        who = {"name": "SEP001122334455", "label": "Ward 3", **identity}
        homes = [{"name": server.name, "pointers": self._pages(server)} for server in self.servers.values()]
        homes = homes[:1] if learn else homes
        made = {"identity": who, "homes": homes, "timers": timers or {},
                "clock": {"utc_offset_minutes": time.localtime().tm_gmtoff // 60}}
        if self.names:
            made["dns"] = {"servers": [self.names.address]}
        if self.managers:
            for home, manager in zip(homes, self.managers.all.values(), strict=False):
                home["manager"] = manager.uri
            made["sip"] = {"user": USER, "password": PASSWORD, "port": self._sip_port, "timers": TIMERS}
        return made


def _pointers(server, url) -> dict:
    pointers = {"services": url + "menu.xml"}  # where it is not there, the site lists the folder
    for service, names in SERVICE_FILES.items():
        found = next((name for name in names if (server.folder / name).is_file()), None)
        if found:
            pointers[service] = url + found
    return pointers
