"""A real Kamailio as the call manager of a test or of `make run`: no root, no database, no ports of its own.

    with Kamailio(users={"1001": "secret"}) as manager:      # 127.0.0.1, a free port
        manager.pointers("<http://10.0.0.2/menu.xml>;purpose=backup-service")
        manager.freeze()

| | |
|---|---|
| start, stop | in good order; a stopped one starts on the same port and has forgotten who was registered |
| kill | SIGKILL, as a crash: the port is closed |
| freeze, thaw | SIGSTOP to all its processes: a black hole with the port open; what waited is answered late |
| mode | ok, drop, 503, 500, 403, 302, drain: see kamailio.cfg |
| pointers, contacts, count, notify, push, seen | what a script wants of a call manager |

`manager.py` is the project's own stand-in, with the same methods, for where Kamailio is not installed.
"""

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from host_tools.problem import Problem
from host_tools.watch import Death, Watch

CONFIGURATION = Path(__file__).parent / "kamailio.cfg"
REALM = "everline.test"
# Who may register where nobody else was said.
USERS = {"1001": "secret1001", "1002": "secret1002"}
MISSING = "Kamailio is not installed (apt install kamailio)."
# An ordinary user often has no /usr/sbin in the PATH.
_FOLDERS = "/usr/sbin:/usr/local/sbin"
# 20 starts took 22 to 33 ms here; a loaded machine gets more.
START_SECONDS = 5.0
# SIGTERM after a thaw took over five seconds: then it is killed.
STOP_SECONDS = 1.0
RPC_SECONDS = 6.0
# A NOTIFY is given up after fr_timer, 4 s.
PUSH_SECONDS = 4.5
# What an AF_UNIX path may be long, with the names of the sockets in it.
_PATH_MAX = 80
_MEGABYTES = 32  # of shared memory; a load test wants 1024
# Between us and Kamailio stand a few lines of Python. Its workers are nobody's children once the first one
# is killed: so this adopts them (PR_SET_CHILD_SUBREAPER), and has ended when the last of them has. And it
# reads a pipe that only we hold: at its end it kills them all and takes the folder away, so that nothing
# outlives us.
_GUARD = """
import ctypes, os, shutil, signal, sys, threading
folder, command = sys.argv[1], sys.argv[2:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
child = os.fork()
if not child:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(folder + "/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.execv(command[0], command)
print(child, flush=True)
alone = threading.Event()
def follow():
    sys.stdin.buffer.read()
    alone.set()
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    shutil.rmtree(folder, ignore_errors=True)
clearing = threading.Thread(target=follow, daemon=True)
clearing.start()
try:
    while True:
        os.wait()
except ChildProcessError:
    if alone.is_set():
        clearing.join()
    os._exit(0)
"""


def found():
    """Where the program is, or None: then MISSING is the sentence to say."""
    return shutil.which("kamailio") or shutil.which("kamailio", path=_FOLDERS)


def free_port(host: str = "127.0.0.1") -> int:
    """A UDP port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((host, 0))
        return link.getsockname()[1]


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens at that UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        try:
            link.bind((host, port))
        except OSError:
            return False
    return True


class Kamailio:
    """One of them. users: name -> password. defines: of WITH_SHA256 and OPTIONS_AUTH.

    `host` and `port` are where it listens; port 0 becomes a free one, and stays. on_watch(sentence) is
    called from a thread of its own for what the eye on a neighbour sees.
    """

    kind = "Kamailio"

    def __init__(self, host: str = "127.0.0.1", port: int = 0, users=None, defines=(), workers: int = 2,
                 megabytes: int = _MEGABYTES, configuration=CONFIGURATION, on_watch=None):
        self.host = host
        self.port = port or free_port(host)
        self.users = dict(USERS if users is None else users)
        self.configuration = configuration
        self.folder = None
        self._on_watch = on_watch or (lambda sentence: None)
        self._watch = None
        self._defines = [*defines, "WORKERS=%d" % workers]
        self._megabytes = megabytes
        self._guard = None
        self._group = 0
        self._numbers = itertools.count(1)

    def __enter__(self) -> "Kamailio":
        return self.start()

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def uri(self) -> str:
        """Its address as a configuration wants it."""
        return "sip:%s:%d" % (self.host, self.port)

    @property
    def running(self) -> bool:
        """Whether its process is there, frozen or not."""
        return self._guard is not None and self._guard.poll() is None

    @property
    def pid(self):
        """Process id of the first of its processes, and of their group; None while it is stopped."""
        return self._group if self.running else None

    # --- life ---------------------------------------------------------------------------------

    def start(self, seconds: float = START_SECONDS) -> "Kamailio":
        """Start it and wait until it answers. Problem where it does not."""
        if self.running:
            return self
        program = found()
        if program is None:
            raise Problem(MISSING)
        self.folder = self.folder or _short_folder()
        command = [program, "-DD", "-E", "-f", str(self.configuration), "-Y", self.folder, "-w", self.folder,
                   "-P", os.path.join(self.folder, "pid"), "-m", str(self._megabytes), "-M", "4",
                   "-l", "udp:%s:%d" % (self.host, self.port)]
        for name in self._defines:
            command += ["-A", name]
        self._release()
        # A session of its own is one process group: one signal reaches the first process and all workers.
        self._guard = subprocess.Popen([sys.executable, "-I", "-S", "-c", _GUARD, self.folder, *command],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self._group = int(self._guard.stdout.readline() or 0)
        try:
            self._wait(time.monotonic() + seconds)
            for user, password in self.users.items():
                self.rpc("htable.sets", "cred", user, password)
        except BaseException:
            self.kill()
            raise
        return self

    def _wait(self, end) -> None:
        """Until OPTIONS is answered, and RPC, whose process comes up last."""
        count = 0
        while time.monotonic() < end:
            if not self.running:
                break
            count += 1
            with contextlib.suppress(OSError, Problem):
                if self._answers("ready%d" % count):
                    self.rpc("core.version", seconds=0.5)
                    return
            time.sleep(0.01)
        said = self.log() or "it said nothing."
        raise Problem("Kamailio did not start at %s:%d: %s" % (self.host, self.port, said))

    def _answers(self, name) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(0.05)
            link.connect((self.host, self.port))
            link.send(_options(self.host, self.port, name))
            return link.recv(4096).startswith(b"SIP/2.0 ")

    def log(self) -> str:
        """The end of what it said."""
        with contextlib.suppress(OSError, TypeError):
            text = Path(self.folder, "log").read_text(encoding="utf-8", errors="replace")
            return text[-4000:].strip()
        return ""

    def freeze(self) -> None:
        """A black hole: the port stays open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on. What came meanwhile is answered now, late."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """A crash: the port is closed. It works on a frozen one too and leaves nothing."""
        self._signal(signal.SIGKILL)
        self._release()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End it in good order. Nothing goes out on the wire."""
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._guard is not None:
                self._guard.wait(seconds)
        self.kill()

    def close(self) -> None:
        """Kill it and clear up."""
        self.watch()
        self.kill()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def _release(self) -> None:
        """The guard of a group that has ended."""
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.wait()
            guard.stdin.close()
            guard.stdout.close()

    def _signal(self, number) -> None:
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._group, number)

    # --- control ------------------------------------------------------------------------------

    def rpc(self, method: str, *params, seconds: float = RPC_SECONDS):
        """What an RPC of Kamailio's returns. Problem where it refuses or does not answer."""
        number = next(self._numbers)
        if not self.folder:
            raise Problem("%s: Kamailio does not run." % method)
        mine = os.path.join(self.folder, "c%d.%d" % (os.getpid(), number))
        call = {"jsonrpc": "2.0", "method": method, "params": list(params), "id": number}
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
                link.bind(mine)
                link.settimeout(seconds)
                link.sendto(json.dumps(call).encode(), os.path.join(self.folder, "rpc.sock"))
                answer = json.loads(link.recv(65536))
        except OSError as error:
            raise Problem("%s: Kamailio does not answer." % method) from error
        finally:
            with contextlib.suppress(OSError):
                os.unlink(mine)
        if "error" in answer:
            raise Problem("%s: %s" % (method, answer["error"].get("message", answer["error"])))
        return answer.get("result")

    def pointers(self, value, user: str = "callinfo") -> None:
        """The Call-Info of each 2xx from now on, to all or to one user; None: none."""
        if value is None:
            with contextlib.suppress(Problem):  # there was none
                self.rpc("htable.delete", "ptr", user)
        else:
            self.rpc("htable.sets", "ptr", user, value)

    def mode(self, mode: str, **values) -> None:
        """How it answers from now on; values: retry_after, contact, delay_ms, strict_options, open."""
        for name, value in values.items():
            self.rpc("htable.sets" if isinstance(value, str) else "htable.seti", "ctl", name, value)
        self.rpc("htable.sets", "ctl", "mode", str(mode))

    def contacts(self, user: str) -> list:
        """The bindings of a user: dicts with "Address" and "Expires", and more that Kamailio knows of it.

        Not ul.dump: its answer must fit into one datagram, and is lost where it does not.
        """
        try:
            found_ones = self.rpc("ul.lookup", "location", user)["Contacts"]
        except Problem as problem:
            if "AOR not found" in str(problem):
                return []
            raise
        return [it["Contact"] for it in found_ones]

    def registrations(self) -> list:
        """(user, address, seconds left) of those of `users` who are registered."""
        return [(user, it["Address"], int(it["Expires"])) for user in self.users for it in self.contacts(user)
                if str(it["Expires"]).lstrip("-").isdigit()]

    def count(self) -> tuple:
        """(users who are registered, their contacts)."""
        said = dict(line.split(" = ") for line in self.rpc("stats.get_statistics", "usrloc:"))
        return int(said["usrloc:location_users"]), int(said["usrloc:location_contacts"])

    def seen(self, user: str) -> str:
        """Where a user last asked OPTIONS from, as a URI; "" where he has not within ten minutes."""
        try:
            return self.rpc("htable.get", "seen", user)["item"]["value"]
        except Problem:
            return ""

    def where(self, user: str) -> str:
        """The URI at which a user can be reached: registered, else seen. Problem where there is none."""
        address = next((it["Address"] for it in self.contacts(user)), "") or self.seen(user)
        if not address:
            raise Problem("%s is not registered at %s, and has not asked it." % (user, self.uri))
        return address

    def notify(self, user: str, event: str, ctype: str = "", body: str = "", extra: str = "",
               block: bool = True):
        """Send a NOTIFY that answers no challenge. block: wait; returns {"code": 200, ...}, else None."""
        # Without a tag in From: tm adds one.
        headers = ("From: <sip:%s>\r\nTo: <sip:%s@%s>\r\nContact: <%s>\r\nEvent: %s\r\n"
                   "Subscription-State: active\r\n%s" % (REALM, user, REALM, self.uri, event, extra))
        if ctype:
            headers += "Content-Type: %s\r\n" % ctype
        # The socket must be one that Kamailio listens on; "." lets it choose.
        method = "tm.t_uac_wait_block" if block else "tm.t_uac_start"
        return self.rpc(method, "NOTIFY", self.where(user), ".", ".", headers, body)

    def push(self, user: str, event: str, ctype: str = "", body: str = "", block: bool = True) -> int:
        """Send a NOTIFY and answer the phone's challenge with the user's password; the code of the answer.

        408 where none came; 0 without `block`.
        """
        number = "push%d.%d" % (os.getpid(), next(self._numbers))
        headers = ("From: <sip:%s>\r\nTo: <sip:%s>\r\nX-Number: %s\r\nX-User: %s\r\nX-Event: %s\r\n"
                   % (REALM, REALM, number, user, event))
        if ctype:
            headers += "Content-Type: %s\r\n" % ctype
        self.rpc("tm.t_uac_start", "PUSH", self.where(user), self.uri, ".", headers, body)
        return self._told(number) if block else 0

    def _told(self, number) -> int:
        """What the phone answered to a push."""
        code, end = 408, time.monotonic() + PUSH_SECONDS
        while time.monotonic() < end:
            time.sleep(0.01)
            with contextlib.suppress(Problem):
                said = int(self.rpc("htable.get", "told", number)["item"]["value"])
                if said:
                    return said
                if code == 408:  # challenged: it is sent once more
                    code, end = 401, time.monotonic() + PUSH_SECONDS
        return code

    def watch(self, host=None, port: int = 0, event: str = "", ctype: str = "", body: str = "",
              name: str = "") -> None:
        """Watch a neighbour and push by itself when he dies, to who asks here and is not registered.

        None: watch nobody. Kamailio has no such thing in a few lines: the eye is ours, the push Kamailio's.
        """
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if host is None:
            return
        death = Death(name or "%s:%d" % (host, port), self.users,
                      lambda user: not self.contacts(user) and self.seen(user),
                      lambda user: self.push(user, event, ctype, body), self._on_watch)
        self._watch = Watch(host, port, lambda alive: self.running and death.change(alive))


def _short_folder() -> str:
    """A new folder whose path leaves room for the names of sockets."""
    folder = tempfile.mkdtemp(prefix="cm")
    if len(folder) > _PATH_MAX:
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix="cm", dir="/tmp")
    return folder


def _options(host, port, name) -> bytes:
    return ("OPTIONS sip:%s:%d SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK%s;rport\r\n"
            "Max-Forwards: 5\r\nFrom: <sip:probe@%s>;tag=1\r\nTo: <sip:probe@%s>\r\nCall-ID: %s\r\n"
            "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" % (host, port, name, REALM, REALM, name)).encode()
