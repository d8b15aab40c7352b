"""One link to the phone, shared by any number of browser windows.

    phone ── panel link ──> Hub ──> a queue for each window
      ^                      │ ^
      └── keys ──────────────┘ └── the world's changes

The hub keeps the latest of everything, so that a window that opens late sees what the others see.
Besides the lines of the panel link (docs/panel.md) a window gets:

| message | meaning |
|---|---|
| {"phone": {"up": true, "words": "..."}} | whether the phone can be reached, in words |
| {"world": [...], "names": {...}, "managers": [...]} | the servers; name server and call managers, or null |
| {"asked": {...}} | a request as the phone tells it, with its `life` and `at` (when it began, unix ms) |
| {"requests": [...]} | the latest of these, in order; whatever was told of them before is void |
| {"kept": {...}}, {"keepalives": [...]} | the same of what it asks call managers |
| {"account": {"at": 17000..., "who": "phone", "text": "..."}} | one line of the account; `at` in unix ms |
| {"trouble": "..."} | a sentence about something that was asked for and did not work |
"""

import asyncio
import collections
import contextlib
import json
import time

from host_tools.panel import LINE_MAX
from host_tools.picture import Picture

# A window this far behind does not read; it is closed and opens again by itself.
WAITING_MAX = 2000
ACCOUNT_MAX = 200
# The phone is back within a second after a restart; asking four times a second shows it at once.
RETRY_SECONDS = 0.25
CONNECT_SECONDS = 2.0
# As many requests as a look back at a story needs; a key press makes one to three.
REQUESTS_MAX = 100
# Two minutes of a phone with short timers and two call managers.
KEEPALIVES_MAX = 100
# Why the phone asks a call manager: these are no requests of pages.
KEEPALIVES = ("register", "keep-alive", "poll", "release")
_ASKED = {"n": int, "t": int, "server": str, "path": str, "why": str, "reused": bool, "ms": int, "word": str}


class Hub:
    """Keeps a link to `phone` (a PhoneProcess) and relays; `run` is its task."""

    def __init__(self, phone, world):
        self.phone = phone
        self.world = world
        self.windows = set()
        self.account = collections.deque(maxlen=ACCOUNT_MAX)
        self._latest = {}
        self._picture = None
        self._state = {"up": False, "words": "The phone is starting."}
        self._heard = (0.0, 0)
        self._requests = {}
        self._keepalives = {}
        self._link = None

    async def run(self) -> None:
        """Keep the link; come back for ever."""
        while True:
            with contextlib.suppress(OSError, ValueError, asyncio.TimeoutError):
                await self._follow()
            self._link = None
            if self.phone.ended:
                self._forget_running(None)
                self._is(False, "The phone is off: %s." % self.phone.ended)
            elif self._state["up"]:
                self._is(False, "The phone is starting again.")
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        if self.phone.address is None:
            return
        reader, writer = await asyncio.wait_for(
            asyncio.open_connection(*self.phone.address, limit=LINE_MAX), CONNECT_SECONDS)
        self._link = writer
        try:
            while line := await reader.readline():
                message = None
                with contextlib.suppress(ValueError, RecursionError):
                    message = json.loads(line)
                if isinstance(message, dict):
                    self._take(message)
        finally:
            writer.close()

    def _take(self, message) -> None:
        note = message.get("note")
        if isinstance(note, dict):
            self._note(note)
            return
        if "asked" in message:
            self._asked(message["asked"])
            return
        if "hello" in message:
            width, height = message.get("width"), message.get("height")
            if not (isinstance(width, int) and isinstance(height, int)):
                return
            self._picture = Picture(width, height)
            self._latest.clear()  # what an earlier life showed is over
            self._forget_running(self.phone.started_at)
            self._is(True, "")
        elif "pixels" in message:
            if self._picture is None or not self._picture.put(message["pixels"]):
                return
        for name in ("hello", "screen", "lamp", "light"):
            if name in message:
                self._latest[name] = message
        self._send(message)

    def _note(self, note) -> None:
        """A note becomes a line of the account, once, however often the phone tells it."""
        number, at, text = note.get("n"), note.get("t"), note.get("text")
        if not (isinstance(number, int) and isinstance(at, int) and isinstance(text, str)):
            return
        life = self.phone.started_at
        if self._heard[0] == life and number <= self._heard[1]:
            return
        self._heard = (life, number)
        self.tell("phone", text, life + at / 1000)

    def _asked(self, asked) -> None:
        """A request begins or is over: its place in the order is that of its beginning."""
        if not isinstance(asked, dict) or any(type(asked.get(name)) is not _ASKED[name] for name in _ASKED):
            return
        kept = asked["why"] in KEEPALIVES
        all_of_them, most, name = ((self._keepalives, KEEPALIVES_MAX, "kept") if kept else
                                   (self._requests, REQUESTS_MAX, "asked"))
        life = self.phone.started_at
        key = (life, asked["n"])
        known = all_of_them.get(key)
        if known and known["word"]:
            return  # told again to a link that is new
        at = life * 1000 + asked["t"]
        if not asked["word"]:
            at = time.time() * 1000  # nearer to the truth: a phone's clock starts later than its process
        at = known["at"] if known else int(at)
        all_of_them[key] = {**{field: asked[field] for field in _ASKED}, "life": life, "at": at}
        for old in _in_order(all_of_them)[:-most]:
            del all_of_them[old["life"], old["n"]]
        if key in all_of_them:
            self._send({name: all_of_them[key]})

    def _forget_running(self, life) -> None:
        """What ran in another life of the phone than this one is never told the end of."""
        for all_of_them, name in ((self._requests, "requests"), (self._keepalives, "keepalives")):
            gone = [key for key, asked in all_of_them.items() if not asked["word"] and key[0] != life]
            for key in gone:
                del all_of_them[key]
            if gone:
                self._send({name: _in_order(all_of_them)})

    def requests(self) -> list:
        """The latest requests of the phone, in the order in which they began."""
        return _in_order(self._requests)

    def keepalives(self) -> list:
        """The latest that the phone asked call managers, in the order in which it began."""
        return _in_order(self._keepalives)

    def tell(self, who: str, text: str, at=None) -> None:
        """Add a line to the account. who: "phone" or "world"; at: unix seconds, else now."""
        line = {"account": {"at": int((at or time.time()) * 1000), "who": who, "text": text}}
        self.account.append(line)
        self._send(line)

    def world_changed(self) -> None:
        """Tell every window the state of the servers."""
        self._send(self._world())

    def _world(self) -> dict:
        return {"world": self.world.states(), "names": self.world.names_state(),
                "managers": self.world.managers_state()}

    def join(self) -> asyncio.Queue:
        """A new window: its queue, with the latest of everything in it."""
        window = asyncio.Queue(WAITING_MAX)
        first = [{"phone": self._state}, self._world(), {"requests": self.requests()},
                 {"keepalives": self.keepalives()}]
        first += [self._latest[name] for name in ("hello", "screen", "lamp", "light") if name in self._latest]
        if self._picture is not None:
            first += [{"pixels": band} for band in self._picture.bands()]
        self.windows.add(window)
        for message in first + list(self.account):
            self.give(window, message)
        return window

    def give(self, window, message) -> None:
        """Put a message into a window's queue; None closes the window, and so does a queue that is full."""
        try:
            window.put_nowait(None if message is None else json.dumps(message))
        except asyncio.QueueFull:
            self.windows.discard(window)
            while not window.empty():
                window.get_nowait()
            window.put_nowait(None)

    def leave(self, window) -> None:
        """The window is closed."""
        self.windows.discard(window)

    def tell_phone(self, message) -> None:
        """Send a key or a wish to the phone, if it is there; `message` as in docs/panel.md, checked."""
        if self._link is not None:
            self._link.write(json.dumps(message).encode() + b"\n")

    def _is(self, up, words) -> None:
        state = {"up": up, "words": words}
        if state != self._state:
            self._state = state
            self._send({"phone": state})

    def _send(self, message) -> None:
        for window in list(self.windows):
            self.give(window, message)


def _in_order(requests) -> list:
    """As they began. What call managers are asked is counted downward from -1."""
    return sorted(requests.values(), key=lambda it: (it["life"], abs(it["n"])))
