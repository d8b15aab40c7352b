"""The stand-in: the project's own small call manager, with the methods that `kamailio.py` has.

    with StandIn(users={"1001": "secret"}) as manager:       # 127.0.0.1, a free port
        manager.pointers("<http://10.0.0.2/menu.xml>;purpose=backup-service")
        manager.freeze()

It is a process of its own (`registrar.py`), so that kill and freeze are the real thing. It carries no calls,
keeps nothing, and is not for a house with people in it: it stands in where no call manager is installed.
"""

import contextlib
import itertools
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
from host_tools.kamailio import USERS, free_port
from host_tools.problem import Problem
from host_tools.sip import ALGORITHMS

START_SECONDS = 20.0  # starting Python takes a few on a loaded board
# It answers at once unless it waits for a phone: 4 s, twice where that challenges it.
ANSWER_SECONDS = 12.0
TURN_SECONDS = 0.2


class StandIn:
    """One of them. users: name -> password. algorithms: of the digest, both without.

    `host` and `port` are where it listens; port 0 becomes a free one, and stays. on_say(sentence) is called
    from a thread of its own for what it does, on_watch(sentence) for what its eye on a neighbour sees.
    """

    kind = "stand-in"

    def __init__(self, host: str = "127.0.0.1", port: int = 0, users=None, algorithms=(), on_say=None,
                 on_watch=None):
        self.host = host
        self.port = port or free_port(host)
        self.users = dict(USERS if users is None else users)
        self._algorithms = algorithms
        self._on_say = on_say or (lambda sentence: None)
        self._on_watch = on_watch or (lambda sentence: None)
        self._child = None
        self._answers = {}
        self._numbers = itertools.count(1)

    def __enter__(self) -> "StandIn":
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
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self):
        """Its process id, None while it is stopped."""
        return self._child.pid if self.running else None

    # --- life ---------------------------------------------------------------------------------

    def start(self, seconds: float = START_SECONDS) -> "StandIn":
        """Start it and wait until it answers. Problem where it does not."""
        if self.running:
            return self
        environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[1]))
        command = [sys.executable, "-m", "host_tools.registrar", "--host", self.host,
                   "--port", str(self.port)]
        for user in self.users.items():
            command += ["--user", "%s:%s" % user]
        for algorithm in self._algorithms:
            command += ["--algorithm", algorithm]
        first = queue.Queue()
        answers = self._answers = {0: first}
        self._child = children.spawn(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        threading.Thread(target=self._listen, args=(self._child, answers), daemon=True,
                         name="manager %s:%d" % (self.host, self.port)).start()
        try:
            said = first.get(timeout=seconds)
        except queue.Empty:
            said = {}
        if "port" not in said:
            self.kill()
            reason = said.get("problem", "it said nothing.")
            raise Problem("The call manager could not be started: %s" % reason)
        return self

    def freeze(self) -> None:
        """A black hole: the port stays open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on. What came meanwhile is answered now, late."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """A crash: the port is closed. It works on a frozen one too."""
        self._signal(signal.SIGKILL)
        if self._child is not None:
            self._child.wait()
            try:
                self._child.stdin.close()
            except OSError:
                pass  # a line was waiting for a process that is gone

    def stop(self) -> None:
        """The same: it has nothing to put in order."""
        self.kill()

    def close(self) -> None:
        """Kill it."""
        self.kill()

    def _signal(self, number) -> None:
        if self.running:
            children.send(self._child, number)

    def _listen(self, child, answers) -> None:
        for line in child.stdout:
            said = json.loads(line)
            if "said" in said:
                self._on_say(said["said"])
            elif "saw" in said:
                self._on_watch(said["saw"])
            elif "id" in said or "port" in said or "problem" in said:
                answer = answers.pop(said.get("id", 0), None)
                if answer is not None:
                    answer.put(said)
        child.stdout.close()
        for answer in list(answers.values()):  # nobody will answer these
            answer.put({})

    # --- control ------------------------------------------------------------------------------

    def rpc(self, method: str, seconds: float = ANSWER_SECONDS, **values):
        """What a do_ method of `registrar.Registrar` returns. Problem where it refuses or does not answer."""
        number = next(self._numbers)
        answers, answer = self._answers, queue.Queue()
        answers[number] = answer
        try:
            if not self.running:
                raise OSError
            self._child.stdin.write(json.dumps({"id": number, "do": method, "with": values}).encode() + b"\n")
            self._child.stdin.flush()
            said = answer.get(timeout=seconds)
        except (OSError, ValueError, queue.Empty) as error:
            answers.pop(number, None)
            raise Problem("%s: the call manager does not answer." % method) from error
        if "result" not in said:
            raise Problem(said.get("problem", "%s: the call manager has ended." % method))
        return said["result"]

    def pointers(self, value, user: str = "callinfo") -> None:
        """The Call-Info of each 2xx from now on, to all or to one user; None: none."""
        self.rpc("pointers", value=value, user=user)

    def mode(self, mode: str, **values) -> None:
        """How it answers from now on; values: retry_after, contact, delay_ms, strict_options, open."""
        self.rpc("mode", mode=str(mode), **values)

    def contacts(self, user: str) -> list:
        """The bindings of a user: dicts with "Address" and "Expires"."""
        return self.rpc("contacts", user=user)

    def registrations(self) -> list:
        """(user, address, seconds left) of all who are registered."""
        return [tuple(it) for it in self.rpc("registrations")]

    def count(self) -> tuple:
        """(users who are registered, their contacts)."""
        users = [user for user, _, _ in self.registrations()]
        return len(set(users)), len(users)

    def seen(self, user: str) -> str:
        """Where a user last asked OPTIONS from, as a URI; "" where he has not for ten minutes."""
        return self.rpc("seen", user=user)

    def notify(self, user: str, event: str, ctype: str = "", body: str = "", extra: str = "",
               block: bool = True):
        """Send a NOTIFY that answers no challenge. block: wait; returns {"code": 200}, else None."""
        code = self._notify(block, user=user, event=event, ctype=ctype, body=body, extra=extra, answer=False)
        return {"code": code} if block else None

    def push(self, user: str, event: str, ctype: str = "", body: str = "", block: bool = True) -> int:
        """Send a NOTIFY and answer the phone's challenge with the user's password; the code of the answer.

        408 where none came; 0 without `block`.
        """
        return self._notify(block, user=user, event=event, ctype=ctype, body=body)

    def _notify(self, block, **values) -> int:
        if block:
            return self.rpc("notify", **values)

        def later():
            with contextlib.suppress(Problem):  # nobody waits for it
                self.rpc("notify", **values)
        threading.Thread(target=later, daemon=True).start()
        return 0

    def watch(self, host=None, port: int = 0, event: str = "", ctype: str = "", body: str = "",
              name: str = "") -> None:
        """Watch a neighbour and push by itself when he dies, to who asks here and is not registered.

        None: watch nobody."""
        self.rpc("watch", host=host, port=port, event=event, ctype=ctype, body=body, name=name)


def serve(host: str, port: int, users, pointers, watch, algorithms, say) -> None:
    """Run one until it is interrupted, and tell `say` what it does. Problem where something is amiss."""
    accounts = dict(user.partition(":")[::2] for user in users)
    if not all(name and password for name, password in accounts.items()):
        raise Problem("A user is NAME:PASSWORD, such as 1001:secret1001.", 2)
    if set(algorithms) - set(ALGORITHMS):
        raise Problem("An algorithm of the digest is one of %s." % ", ".join(ALGORITHMS), 2)
    other, _, other_port = (watch or ":0").rpartition(":")
    if watch and not (other and other_port.isdigit() and 0 < int(other_port) < 65536):
        raise Problem("%r is no address of a call manager: HOST:PORT is wanted." % watch, 2)
    with StandIn(host, port, accounts, algorithms, say, say) as manager:
        if pointers:
            manager.pointers(pointers)
        if watch:
            manager.watch(other, int(other_port), "backup-pointers", "message/sipfrag",
                          "Call-Info: %s\r\n" % pointers if pointers else "")
        say("%s registers %s" % (manager.uri, ", ".join(accounts)))
        while manager.running:
            time.sleep(TURN_SECONDS)
    raise Problem("The call manager has ended by itself.")
