"""One client of a panel: sends what it has not seen yet, and obeys what it asks for."""

import asyncio
import gc
import json
import socket
from binascii import b2a_base64

from micropython import const

KEYS = ("services", "directory", "messages", "information", "settings", "up", "down", "left", "right",
        "select", "back", "soft1", "soft2", "soft3", "soft4",
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")
LINE_MAX = 512  # the longest message to us has 40 bytes
# Requests kept for who connects, and for a client that is slow: those that are under way, and one to see how
# they go.
ASKED_MAX = 4
_BREATH_MS = const(50)  # after memory ran out: the others first
_ERRORS_MAX = const(8)  # sentences that wait to be sent; who sends more nonsense gets fewer answers
PIECE = 240  # bytes of pixels turned into base64 at a time; a multiple of three, so that pieces join
_BATCH = const(16)  # lines of the account that are sent before garbage is collected
_NAME_MAX = const(16)  # characters of the name of a page
_BUSY = 11  # EAGAIN


class Client:
    def __init__(self, panel, link):
        self.wake = asyncio.Event()
        self.starved = False  # there was no memory to send what is owed
        self.signals = dict(panel.lights)
        self.requests = dict(panel.requests)  # owed
        self._panel = panel
        self._link = link
        self._heard = 0  # notes sent
        self._bands = {}  # owed
        self._screen = False  # owed
        self._frame = False  # owed
        self._errors = []
        self._down = []  # keys that this client holds
        self._trusted = False  # its first line was an object
        self._sender = asyncio.create_task(self._guard(self._send()))
        self._reader = asyncio.create_task(self._guard(self._read()))

    def owe(self, bands, screen):
        for y, height, palette in bands:
            overlay(self._bands, y, height, palette)
        self._screen = self._screen or screen
        self._frame = True
        self.wake.set()

    def tell(self, number, request):
        """A request begins or is over: owed in the order of the numbers, the last ASKED_MAX of them."""
        self.requests[number] = request
        if len(self.requests) > ASKED_MAX:
            del self.requests[min(self.requests)]
        self.wake.set()

    def owe_all(self):
        self._bands = dict(self._panel.bands)
        self._screen = self._frame = self._panel.screen is not None
        self.wake.set()

    async def _guard(self, work):
        """Either task's end is the end of the client."""
        try:
            await work
        except Exception:  # a broken link, mostly; whatever it was, it is this client's alone
            pass
        self._panel.gone(self)
        while self._down:  # who goes with a finger on a key lets it go
            self._panel.keypad.press(self._down.pop(), False)
        for task in (self._sender, self._reader):
            if task is not asyncio.current_task():
                task.cancel()
        self._link.close()

    async def _send(self):
        greeted = lost = False
        while True:
            try:
                if lost:  # a line broke off for want of memory: the client passes it over, and gets all again
                    await self._write(b"\n")
                if not greeted:
                    await self._write(self._panel.hello)
                    greeted = True
                    self.owe_all()
                if lost:
                    self.owe_all()
                    lost = False
                await self._settle()
                self.starved = False
            except MemoryError:
                lost = True
                if not self.starved:
                    self.starved = True
                    self._panel.starved()
                gc.collect()
                await asyncio.sleep_ms(_BREATH_MS)
                continue
            await self.wake.wait()
            self.wake.clear()

    async def _settle(self):
        """Send all that is owed."""
        panel = self._panel
        while self._errors:
            await self._line({"error": self._errors.pop(0)})
        while self.signals:
            await self._line(dict((self.signals.popitem(),)))
        await self._account()
        while self.requests:
            ms, asked = self.requests.pop(min(self.requests))
            await self._line({"asked": {
                "n": asked.number, "t": ms, "server": asked.label, "path": asked.path, "why": asked.why,
                "reused": asked.reused, "ms": asked.ms, "word": asked.word}})
        if self._screen:
            self._screen = False
            for piece in panel.screen_pieces():
                await self._write(piece.encode())
                await asyncio.sleep_ms(0)  # a frame has eighty pieces, and keys go before them
        await self._pixels()
        if self._frame and not self._bands and not self._screen:
            self._frame = False
            await self._line({"frame": panel.frame, "keys": panel.keys, "serial": panel.serial})
            gc.collect()  # now, and not in the middle of the phone's next piece of work: a frame leaves 30 KB

    async def _account(self):
        """The lines that it has not got yet, straight from the phone, which keeps the last ones."""
        line = self._panel.replay and self._panel.replay(self._heard + 1)
        while line:
            self._heard, ms, text, at = line
            await self._line({"note": {"n": self._heard, "t": ms, "text": text, "at": at}})
            if self._heard % _BATCH == 0:
                gc.collect()  # who connects is told them all at once, some 500 bytes each
            await asyncio.sleep_ms(0)
            line = self._panel.replay(self._heard + 1)

    async def _pixels(self):
        while self._bands:
            y = min(self._bands)
            height, palette = self._bands.pop(y)
            colours = '", "'.join(["#%06x" % colour for colour in palette])
            head = '{"pixels": {"y": %d, "h": %d, "palette": ["%s"], "data": "' % (y, height, colours)
            await self._write(head.encode())
            rows = self._panel.rows(y, height)
            for at in range(0, len(rows), PIECE):
                await self._write(b2a_base64(rows[at : at + PIECE])[:-1])  # without its newline
                await asyncio.sleep_ms(0)
            await self._write(b'"}}\n')

    async def _line(self, message):
        await self._write((json.dumps(message) + "\n").encode())

    async def _write(self, data):
        view = memoryview(data)
        while len(view):
            sent = None
            try:
                sent = self._link.write(view)
            except OSError as error:
                if error.errno != _BUSY:
                    raise
            if sent:
                view = view[sent:]
            else:
                await writable(self._link)

    async def _read(self):
        line = bytearray()
        buffer = bytearray(64)  # our lines are short
        while True:
            await readable(self._link)
            count = self._link.readinto(buffer)
            if count == 0:
                return
            for at in range(count or 0):
                byte = buffer[at]
                if byte != 10:
                    if len(line) <= LINE_MAX:
                        line.append(byte)
                    continue
                problem = self._obey(line)
                if not self._trusted:  # no panel client: a browser that was lured here, perhaps
                    return
                if problem and len(self._errors) < _ERRORS_MAX:
                    self._errors.append(problem)
                    self.wake.set()
                line = bytearray()

    def _press(self, key, down):
        """down: None for a press and a release."""
        keypad = self._panel.keypad
        if down is None or down:
            if keypad.press(key, True):
                self._down.append(key)
        if not down and key in self._down:
            self._down.remove(key)
            keypad.press(key, False)

    def _obey(self, line):
        """Do what one line asks for; a sentence where it cannot be done."""
        if len(line) > LINE_MAX:
            return "The line is longer than %d bytes." % LINE_MAX
        try:
            message = json.loads(bytes(line))
        except (ValueError, MemoryError):  # a hundred brackets are a structure, too
            message = None
        if not isinstance(message, dict):
            return "The line is not a JSON object."
        self._trusted = True
        key = message.get("key")
        if isinstance(key, str) and key in KEYS:
            self._press(key, message.get("down"))
        elif "key" in message:
            return "There is no such key; known are: %s." % " ".join(KEYS)
        elif message.get("ask") == "screen":
            self.owe_all()
        elif "open" in message:
            page, show = message["open"], self._panel.open  # which is None until the phone is there
            if not (show and isinstance(page, str) and page.isalpha() and len(page) <= _NAME_MAX):
                return 'The "open" of a line is no page.'
            show(page)
        else:
            return 'Neither "key" nor "ask": "screen" nor "open" is in the line.'
        return None


def overlay(bands, y, height, palette):
    """Put a band over those that it covers: they are gone, or the screen was laid out anew."""
    for top in [top for top in bands if top < y + height and top + bands[top][0] > y]:
        del bands[top]
    bands[y] = (height, palette)


def readable(sock):
    yield asyncio.core._io_queue.queue_read(sock)


def writable(sock):
    yield asyncio.core._io_queue.queue_write(sock)


def listening(host, port, backlog):
    """A socket that takes connections there. OSError where the address is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(socket.getaddrinfo(host, port)[0][-1])
    sock.listen(backlog)
    sock.setblocking(False)
    return sock
