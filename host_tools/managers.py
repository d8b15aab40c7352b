"""The call managers of the small world: two, each of which operates the site of its letter.

| do | what happens |
|---|---|
| stop | SIGKILL: the port is closed, and who was registered is forgotten |
| freeze | SIGSTOP: the port is open, nothing answers; what waited is answered late when it goes on |
| 503 | everything is answered 503, with Retry-After |
| drain | it is being emptied: who wants to register is sent to the next one (302) |
| start | whatever is needed so that it answers well, on the same port |

Beside that each one hands out the pages of the next one in its answers (Call-Info) while `pointers(True)`
holds, and pushes to the phone: the pages of the next one, a wish to ask now, or that a message waits. Each
watches the next one, and pushes its own pages by itself when that dies.

They are Kamailio where it is installed, else the stand-in; both are driven by the same methods.
"""

import threading
import time

from host_tools.kamailio import MISSING, Kamailio, found
from host_tools.manager import StandIn
from host_tools.problem import Problem

KINDS = {"kamailio": Kamailio, "stand-in": StandIn}
ACTIONS = ("start", "stop", "freeze", "503", "drain")
PUSHES = {"pages": "backup-pointers", "check-sync": "check-sync", "messages": "message-summary"}
# The phone's account. It is no secret: everything listens on loopback.
USER, PASSWORD = "1001", "secret1001"
# So that a person sees things happen within seconds. The phone's own are in docs/call-managers.md.
TIMERS = {"give_up_ms": 3000, "expires_ms": 60000, "options_ms": 5000, "poll_ms": 10000, "spread_ms": 2000,
          "hold_ms": 20000, "idle_ms": 5000, "return_ms": 3000, "retry_ms": 3000}
RETRY_AFTER_SECONDS = 20
# Pages that were pushed come first for so long: one sees them go.
PUSHED_SECONDS = 120
# How often they are asked who is registered: quick to the eye.
LOOK_SECONDS = 0.5
_WORDS = {
    "answering": "answers",
    "stopped": "is stopped: its port is closed",
    "frozen": "is frozen: its port is open, nothing answers",
    "503": "answers 503, try again in %d s" % RETRY_AFTER_SECONDS,
}


class Manager:
    """One call manager. `state` is "answering", "stopped", "frozen", "503" or "drain".

    on_change(it) is called, from any thread, after something about it has changed; it.sentence says what, and
    is "" where there is nothing to say. `host` is the name by which phones know it, its address without one.
    """

    def __init__(self, name: str, kind: str, on_change=None, host: str = ""):
        self.name = name
        self.state = "stopped"
        self.sentence = ""
        self.gives = False
        self.messages = 0
        self.registered = []  # of (user, address, unix seconds until which)
        self.calls = self._new(KINDS[kind])
        self.host = host or self.calls.host
        self.next = None  # another one of the world
        self.site = {}  # the pages that it operates: service -> URL
        self._on_change = on_change or (lambda manager: None)
        self._lock = threading.RLock()

    def _new(self, kind):
        return kind(users={USER: PASSWORD}, on_watch=self._saw)

    def stand_in(self, reason: str) -> None:
        """It is the stand-in from now on."""
        self.calls = self._new(StandIn)
        self.state = "stopped"
        self._say("Manager %s is a stand-in: %s" % (self.name, reason))

    @property
    def kind(self) -> str:
        """What it is: "Kamailio" or "stand-in"."""
        return self.calls.kind

    @property
    def uri(self) -> str:
        """Its address as a phone's configuration wants it."""
        return "sip:%s:%d" % (self.host, self.calls.port)

    @property
    def words(self) -> str:
        """The state in plain words, to follow the name."""
        if self.state == "drain":
            return "is being emptied: it sends phones to %s" % self.next.name
        return _WORDS[self.state]

    def do(self, action: str) -> None:
        """Do one of ACTIONS. Problem where it did not work."""
        if action not in ACTIONS:
            raise Problem("A call manager can not %r. It can: %s." % (action, " ".join(ACTIONS)), 2)
        with self._lock:
            if action == "stop":
                self.calls.kill()
                self.registered = []
                self._become("stopped")
                return
            self._begin()
            mode = "ok" if action in ("start", "freeze") else action
            self.calls.mode(mode, retry_after=RETRY_AFTER_SECONDS, contact="<%s>" % self.next.uri)
            if action == "freeze":
                self.calls.freeze()
            self._become({"start": "answering", "freeze": "frozen"}.get(action, action))

    def _begin(self) -> None:
        """See that it runs, is not frozen, and knows what it is to know."""
        if self.calls.running:
            self.calls.thaw()
            return
        self.calls.start()
        self.calls.pointers(self._handed_out() if self.gives else None)
        self.look_after_the_next()

    def look_after_the_next(self) -> None:
        """Watch the next one from now on, and push the pages of this one when that dies."""
        if self.next is not self:
            self.calls.watch(self.next.calls.host, self.next.calls.port, PUSHES["pages"], "message/sipfrag",
                             self._pushed(self.site), "manager %s" % self.next.name)

    def pointers(self, on: bool) -> None:
        """Whether its answers tell of the others, from now on."""
        with self._lock:
            self.gives = bool(on)
            if self.state not in ("stopped", "frozen"):  # those hear of it when they come back
                self.calls.pointers(self._handed_out() if on else None)
            self._say("Manager %s %s in its answers." % (
                self.name, "tells of the other manager and its pages" if on else "tells of nobody any more"))

    def push(self, what: str) -> None:
        """Send the phone one of PUSHES; its answer is the sentence. Problem where it can not."""
        if what not in PUSHES:
            raise Problem("A call manager can not push %r. It can: %s." % (what, " ".join(PUSHES)), 2)
        if self.state in ("stopped", "frozen"):
            raise Problem("Manager %s %s." % (self.name, self.words))
        kind, body = "", ""
        if what == "pages":
            kind, body = "message/sipfrag", self._pushed(self.next.site)
        elif what == "messages":
            self.messages = 0 if self.messages else 1
            kind = "application/simple-message-summary"
            body = "Messages-Waiting: %s\r\nVoice-Message: %d/0\r\n" % (
                "yes" if self.messages else "no", self.messages)
        code = self.calls.push(USER, PUSHES[what], kind, body)
        said = {"pages": "the pages of %s" % self.next.name, "check-sync": "a wish to ask now",
                "messages": "that a message waits" if self.messages else "that no message waits"}[what]
        self._say("Manager %s pushes %s: the phone %s." % (
            self.name, said, "does not answer" if code == 408 else "answers %d" % code))

    def look(self) -> None:
        """See who is registered."""
        with self._lock:
            if self.state in ("stopped", "frozen"):
                return
            try:
                found_ones = self.calls.registrations()
            except Problem:
                if self.calls.running or self.state == "stopped":
                    return
                self.registered = []
                self._become("stopped")  # by itself
                return
            now = time.time()
            self._are([(user, address, now + left) for user, address, left in found_ones if left > 0])

    def _are(self, registered) -> None:
        """These are registered now."""
        known = {(user, address): until for user, address, until in self.registered}
        # Who is asked counts in whole seconds: a second later it is the same registration.
        same = len(registered) == len(known) and all(
            abs(known.get((user, address), 0) - until) < 1.5 for user, address, until in registered)
        if same:
            return
        before, after = {user for user, _ in known}, {user for user, _, _ in registered}
        self.registered = registered
        come = ["%s is registered with manager %s." % (user, self.name) for user in sorted(after - before)]
        gone = ["%s is not registered with manager %s any more." % (user, self.name)
                for user in sorted(before - after)]
        self._say(" ".join(come + gone))

    def close(self) -> None:
        """End it."""
        self.calls.close()

    def _handed_out(self) -> str:
        """The Call-Info of its answers: the pages of the next one, and that one itself."""
        values = ["<%s>;purpose=backup-service;q=0.9;service=%s" % (url, service)
                  for service, url in self.next.site.items()]
        return ", ".join([*values, "<%s>;purpose=backup-call-manager;q=0.9" % self.next.uri])

    def _pushed(self, site) -> str:
        return "".join("Call-Info: <%s>;purpose=backup-service;service=%s;expires=%d\r\n"
                       % (url, service, PUSHED_SECONDS) for service, url in site.items())

    def _saw(self, sentence) -> None:
        self._say("Manager %s: %s" % (self.name, sentence))

    def _say(self, sentence) -> None:
        self.sentence = sentence
        self._on_change(self)

    def _become(self, state) -> None:
        changed, self.state = self.state != state, state
        if changed:
            self._say("Manager %s %s." % (self.name, self.words))


class Managers:
    """All of them. kind: of KINDS, or None for what is installed. names: letter -> name of the host, or {}.

    sites: letter -> (service -> URL) of the pages that each operates.
    """

    def __init__(self, letters, kind=None, on_change=None, names=None):
        if kind is not None and kind not in KINDS:
            raise Problem("There is no call manager %r. There are: %s." % (kind, " ".join(KINDS)), 2)
        if kind == "kamailio" and not found():
            raise Problem(MISSING)
        self._wished = kind is not None
        kind = kind or ("kamailio" if found() else "stand-in")
        names = names or {}
        self.all = {letter: Manager(letter, kind, on_change, names.get(letter, "")) for letter in letters}
        ring = [*self.all.values()]
        for place, manager in enumerate(ring):
            manager.next = ring[(place + 1) % len(ring)]
        self._over = threading.Event()

    def __getitem__(self, name: str) -> Manager:
        if name not in self.all:
            raise Problem("There is no call manager %r. There are: %s." % (name, " ".join(self.all)), 2)
        return self.all[name]

    def start(self, sites) -> None:
        """Start them, and begin to look who is registered."""
        for letter, manager in self.all.items():
            manager.site = sites[letter]
        try:
            self._begin()
        except Problem as problem:
            if self._wished or not isinstance(self.all[min(self.all)].calls, Kamailio):
                raise
            # It is installed and does not run: who only wants to see a phone is not to be held up by that.
            for manager in self.all.values():
                manager.calls.close()
                manager.stand_in(str(problem).split("\n")[0])
            self._begin()
        threading.Thread(target=self._look, name="managers", daemon=True).start()

    def _begin(self) -> None:
        for manager in self.all.values():
            manager.do("start")

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            for manager in self.all.values():
                manager.look()

    def close(self) -> None:
        """End them all."""
        self._over.set()
        for manager in self.all.values():
            manager.close()

    def states(self) -> list:
        """What a page or a script wants to know of each."""
        return [{"name": it.name, "kind": it.kind, "uri": it.uri, "state": it.state, "words": it.words,
                 "gives": it.gives, "messages": it.messages,
                 "registered": [{"user": user, "address": address, "until": int(until * 1000)}
                                for user, address, until in it.registered]}
                for it in self.all.values()]
