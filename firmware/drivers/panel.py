"""A display and a keypad at the far end of TCP links, as described in docs/panel.md.

Each client has a task that sends what that client has not seen yet, straight from the canvas:
a slow client skips frames and costs no memory, and never holds the phone or the others up.
"""

import asyncio
import json

from micropython import const

from drivers.link import ASKED_MAX, KEYS, Client, listening, overlay, readable

WAITING_MAX = 32  # key events not yet taken; a person presses ten a second at most
# The fields of a Screen, in its order (the phone's ui/screen.py; drivers do not import phone).
SCREEN_FIELDS = (
    "kind", "mark", "label", "clock", "title", "rows", "first", "total", "selected", "prompt", "busy",
    "softkeys", "extra", "window",
)  # fmt: skip
_PAUSE_MS = const(50)


class Keypad:
    """Key events as (key, down), in order. Too many presses at once are dropped; a release never is."""

    def __init__(self):
        self.taken = 0  # key events that the phone has seen
        self._waiting = []
        self._held = []
        self._came = asyncio.Event()

    def press(self, key, down):
        """A key goes down or up; False where nothing came of it."""
        if down:
            if len(self._waiting) >= WAITING_MAX:
                return False
            self._held.append(key)
        elif key in self._held:
            self._held.remove(key)
        else:
            return False
        self._waiting.append((key, down))
        self._came.set()
        return True

    async def read(self):
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        self.taken += 1
        return self._waiting.pop(0)


class Panel:
    """The display (canvas, show, light), the keypad, and the server they are reached by."""

    def __init__(self, canvas, buffer, width, height, levels, clients_max):
        self.canvas = canvas
        self.width = width
        self.height = height
        self.levels = levels
        self.keypad = Keypad()
        # Put in by the phone: again() where show() should be called; replay(n): the first line of the
        # account that is not before n, as (n, ms, text, unix seconds or None), or None; open(page) shows one.
        self.again = self.replay = self.open = None
        self.hello = b""
        self.bands = {}  # y -> (height, palette) of all that is on the screen
        self.screen = None
        self.frame = 0
        self.keys = 0  # key events taken when the frame was made
        self.serial = 0
        self.requests = {}  # number -> (ms of its beginning, request) of the last ones
        self.lights = {}  # lamp, light, tone: the last message of each
        self._buffer = buffer
        self._clients = []
        self._clients_max = clients_max

    def listen(self, host, port, name, label):
        """Take clients on that address. OSError where it is taken."""
        hello = {"hello": "everline", "version": 1, "name": name, "label": label, "width": self.width,
                 "height": self.height, "levels": self.levels, "keys": KEYS}
        self.hello = (json.dumps(hello) + "\n").encode()
        asyncio.create_task(self._accept(listening(host, port, self._clients_max)))

    async def show(self, bands, screen):
        """A new frame: (y, height, palette) of each band that was painted, and the screen as text.

        MemoryError where a client could not be sent the last one for want of memory.
        """
        for y, height, palette in bands:
            overlay(self.bands, y, height, palette)
        changed = screen != self.screen
        if not (bands or changed or self.keys != self.keypad.taken):
            self._look_after()
            return
        self.screen = screen
        self.serial += changed
        self.frame += 1
        self.keys = self.keypad.taken
        for client in self._clients:
            client.owe(bands, changed)
        self._look_after()

    def _look_after(self):
        for client in self._clients:
            if client.starved:
                raise MemoryError

    def starved(self):
        """A client could not be sent what it is owed: whoever shows frames hears of it in show()."""
        if self.again:
            self.again()

    def light(self, level):
        self.signal("light", level)

    def signal(self, name, value):
        """Lamp, light or tone: told at once, and to those who connect later."""
        self.lights[name] = value
        for client in self._clients:
            client.signals[name] = value
            client.wake.set()

    def noted(self):
        """The account has a new line."""
        for client in self._clients:
            client.wake.set()

    def asked(self, ms, request):
        """One request on the time line begins or is over (the phone's events.py, Asked)."""
        told = self.requests[request.number] = (ms - request.ms, request)
        if len(self.requests) > ASKED_MAX:
            del self.requests[min(self.requests)]
        for client in self._clients:
            client.tell(request.number, told)

    def rows(self, y, height):
        """The pixels of some rows, as they lie in the canvas."""
        stride = (self.width + 3) // 4
        return memoryview(self._buffer)[y * stride : (y + height) * stride]

    def screen_pieces(self):
        """The message of the screen as text, in pieces: whole it would be a block of 1 KB, twice."""
        screen = self.screen  # there may be another one before this is sent
        yield '{"screen": {"serial": %d, "keys": %d, "rows": [' % (self.serial, self.keys)
        for name, value in zip(SCREEN_FIELDS, screen):
            if name == "rows":
                for number, row in enumerate(value):
                    parts = ", " if number else "", max(0, row[0]), json.dumps(row[1])
                    yield '%s{"n": %d, "text": %s' % parts
                    yield ', "aside": %s}' % json.dumps(row[2]) if row[2] else "}"
        yield "]"
        for name, value in zip(SCREEN_FIELDS, screen):
            if name in ("extra", "window"):
                value = value[0] if value else None
            if name != "rows":
                yield ', "%s": %s' % (name, json.dumps(value))
        yield "}}\n"

    def gone(self, client):
        if client in self._clients:
            self._clients.remove(client)

    async def _accept(self, sock):
        while True:
            await readable(sock)
            try:
                link = sock.accept()[0]
                link.setblocking(False)
                link.setsockopt(6, 1, 1)  # TCP_NODELAY of IPPROTO_TCP: or a frame waits 40 ms for an answer
                if len(self._clients) < self._clients_max:
                    self._clients.append(Client(self, link))
                else:
                    link.close()
            except (OSError, MemoryError):
                await asyncio.sleep_ms(_PAUSE_MS)  # who knocked has gone again, or there is no room now


