"""A world in virtual time for one real Agent: a day of outages takes a moment.

One clock (a heap of what happens next) drives sites, name server and network; one seed decides
each latency and each size of a piece, so a failure comes back with the same seed. Phone plays
the hands: it performs effects as runtime/ does, and watches the agent while it does so:

- no exception comes out of it, and its effects are of events.py
- a view is scribbled over after feed(): whoever kept it reads rubbish
- after Close nothing more is said of a connection; no number is used twice
- a deadline makes progress: an agent that asks for Tick in vain is a busy loop
- the canvas is painted in bounded steps

    world = World(seed=1)
    a, b = world.site("A"), world.site("B")
    phone = world.phone(a, b)
    a.silent()
    phone.press("services")
    assert phone.wait_for("Services of B", within=5000) >= 2500
"""

import heapq
import random
import re
from functools import cache
from pathlib import Path

from phone import config, events
from phone.runtime.inflate import Inflater
from tests.story.sites import MENU, PEOPLE, Conversation, Malformed, Names, Site

__all__ = ["Broken", "Malformed", "World"]

PIECE = 1024  # the hands read and write at most so much at once
SOCKETS = 3  # an ESP32 has ten for everything, of which pages and probes may take three
KEY_MS = 80  # how long a finger stays on a key
NO_ROUTE_MS = 3000  # no machine has that address: what ARP takes to notice
BOOT_MS = 1000  # a phone that starts has been awake for a moment
SCRATCH = 1024  # bytes that survive a reset
WINDOW = 64  # pieces on the way to a phone
RETRY_MS = 200  # TCP tries again while the network is away
TICKS_AT_ONCE = 200  # more at one instant, even with progress, would starve the keys
TICKS_A_SECOND = 2000
WRITE_MS = 80  # a write stalls a board for so long
READ_MS = 1
FILE = r"[a-z0-9][a-z0-9._-]{0,33}"  # what LittleFS and every other file system take
BANDS = 128  # a screen is painted in fewer steps
SETTINGS_MAX = 12  # items of the menu of settings; nine is what a digit reaches
SOME_DAY = 1790000000  # unix seconds at which each story begins


class Broken(AssertionError):
    """The agent broke its contract with the hands."""


class World:
    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.now = BOOT_MS
        self.log = []
        self.sites = {}  # (host, port) -> Site
        self.phones = []
        self.names = Names(self, "10.0.0.53")
        # (host, port) -> function(data, whence) that takes datagrams; what it returns, if anything, goes back
        self.listeners = {}
        self.lost = lambda data, whence, where: False  # whether this datagram is lost on the way
        self._heap = []
        self._count = 0
        self.say("seed %r" % (seed,))

    # --- what there is -------------------------------------------------------------------------

    def site(self, name, host=None, port=80):
        """A new site; the first gets 10.0.0.1, and so on."""
        host = host or "10.0.0.%d" % (len(self.sites) + 1)
        site = self.sites[host, port] = Site(self, name, host, port)
        return site

    def phone(self, *sites, **options):
        """A Phone that has these sites as homes, in this order; options as for Phone."""
        phone = Phone(self, options.pop("config", None) or homes(*sites), **options)
        self.phones.append(phone)
        phone.start()
        return phone

    def wall(self):
        """Unix seconds."""
        return SOME_DAY + self.now / 1000

    # --- time ----------------------------------------------------------------------------------

    def after(self, ms, action):
        """Call `action` in `ms`; what comes at the same time comes in the order of asking."""
        self._count += 1
        heapq.heappush(self._heap, (self.now + ms, self._count, action))

    def run(self, ms):
        """Let so much time pass."""
        end = self.now + ms
        while self._step(end):
            pass

    def run_until(self, holds, within, what):
        """Let time pass until holds(); ms that it took. AssertionError after `within` ms."""
        start = self.now
        while not holds():
            if not self._step(start + within):
                screens = "\n".join(phone.picture() for phone in self.phones)
                raise AssertionError("waited %d ms in vain for %s\n%s" % (within, what, screens))
        return self.now - start

    def _step(self, end):
        """Do what happens next, unless that is after `end`; False then, and it is `end`."""
        happens = self._heap[0][0] if self._heap else None
        due = [(phone.deadline, phone) for phone in self.phones if phone.deadline is not None]
        deadline, phone = min(due, key=lambda pair: pair[0]) if due else (None, None)
        if happens is not None and (deadline is None or happens <= max(deadline, self.now)):
            if happens > end:
                self.now = end
                return False
            at, _, action = heapq.heappop(self._heap)
            self.now = max(self.now, at)
            action()
            return True
        if deadline is None or deadline > end:
            self.now = end
            return False
        self.now = max(self.now, deadline)
        phone.tick()
        return True

    # --- the account ---------------------------------------------------------------------------

    def say(self, sentence):
        self.log.append("%9.3f  %s" % (self.now / 1000, sentence))
        print(self.log[-1])  # pytest shows it with a failure


class Connection:
    """One TCP connection between a phone and a site, and what is on the way in both directions."""

    def __init__(self, world, phone, conn, address, tls=""):
        self.tls = tls  # the name that the certificate must be for, or ""
        self.world, self.phone, self.conn, self.address = world, phone, conn, address
        self.site = world.sites.get(address)
        self.is_open = False  # for the site
        self.ended = False  # the phone has closed it, or was told that it is closed
        self.closing = False  # the site has sent its last
        self.opened = False  # the phone was told
        self._inward, self._outward = [], []  # what is under way: (due, action), in order
        self._rest = []  # iterators that the phone still writes from
        if not phone.link:
            self._tell(events.Closed(conn, events.UNREACHABLE), 0)
        elif self.site is not None:
            self._knock()
        elif any(site.host == address[0] for site in world.sites.values()):
            self._tell(events.Closed(conn, events.REFUSED), self._latency((1, 8)))
        else:
            self._tell(events.Closed(conn, events.UNREACHABLE), NO_ROUTE_MS)

    def _knock(self):
        site = self.site
        site.connects.append(self.world.now)
        wait = self._latency(site.latency) + self._latency(site.latency)
        if self.tls and site.reach == "open" and site.certificate != self.tls:
            site.handshakes.append(self.world.now)
            why = events.UNTRUSTED if site.certificate else events.RESET
            self._tell(events.Closed(self.conn, why), 2 * wait)
        elif site.reach == "open":
            if self.tls:
                site.handshakes.append(self.world.now)
                wait *= 2
            self.is_open = True
            site.connections.append(self)
            self._talk = Conversation(site, self)
            self._tell(events.Opened(self.conn), wait)
        elif site.reach != "blackhole":
            self._tell(events.Closed(self.conn, site.reach), wait)

    @property
    def is_full(self):
        """Whether TCP takes no more from the site: too much of it has not arrived yet."""
        return len(self._inward) >= WINDOW

    # --- the site's end --------------------------------------------------------------------------

    def send(self, step):
        """A step of a site's script: bytes, "end" or "reset"; ms are not ours."""
        if not self.is_open or isinstance(step, int):
            return
        if isinstance(step, str):
            self._gone()
            self._tell(events.Closed(self.conn, step), self._latency(self.site.latency))
            return
        random, at = self.world.random, 0
        while at < len(step):
            size = self.site.piece or random.choice((PIECE, PIECE, random.randint(1, PIECE)))
            self._tell(bytes(step[at : at + size]), self._latency(self.site.latency))
            at += size

    def _gone(self):
        if self.is_open:
            self.is_open = False
            self.site.connections.remove(self)

    # --- the phone's end -------------------------------------------------------------------------

    def write(self, data):
        """Bytes or an iterator of pieces, which is drawn from as the network takes them."""
        self._rest.append(iter((data,)) if isinstance(data, (bytes, bytearray)) else iter(data))
        if len(self._rest) == 1:
            self._draw()

    def _draw(self):
        while self._rest and not self.ended:
            for piece in self._rest[0]:
                if not isinstance(piece, (bytes, bytearray, memoryview)) or not len(piece):
                    raise Broken("Write of conn %d gave %r" % (self.conn, piece))
                self._queue(self._outward, bytes(piece), self._latency((0, 5)))
                self.world.after(1, self._draw)
                return
            self._rest.pop(0)

    def close(self):
        """The phone closes: nothing more is heard of this connection."""
        self.ended = True
        self._queue(self._outward, None, self._latency((1, 8)))

    # --- on the way --------------------------------------------------------------------------------

    def _latency(self, bounds):
        return self.world.random.randint(*bounds)

    def _tell(self, what, ms):
        self._queue(self._inward, what, ms)

    def _queue(self, line, what, ms):
        due = self.world.now + ms
        if line:
            due = max(due, line[-1][0])  # TCP keeps the order
        line.append((due, what))
        if len(line) == 1:
            self.world.after(ms, lambda: self._arrive(line))

    def _arrive(self, line):
        """The first in `line` arrives, or is tried again later while the network is away."""
        if line is self._inward and self.ended:
            line.clear()
            return
        never_opened = not self.opened and line is self._inward
        if not self.phone.link and not (never_opened and isinstance(line[0][1], events.Closed)):
            self.world.after(RETRY_MS, lambda: self._arrive(line))
            return
        if len(line) > 1:
            self.world.after(max(0, line[1][0] - self.world.now), lambda: self._arrive(line))
        what = line.pop(0)[1]
        if line is self._outward:
            if what is None:
                self._gone()
            elif self.is_open:
                self.site.act(lambda: self._talk.receive(what))
        elif not self.ended:
            if isinstance(what, bytes):
                self.phone.received(self.conn, what)
                return
            self.opened = self.opened or isinstance(what, events.Opened)
            self.ended = isinstance(what, events.Closed)
            self.phone.feed(what)


class Phone:
    """One Agent and its hands. `display`: (width, height, levels). `raw`: the configuration's dict."""

    def __init__(self, world, raw, display=(320, 240, 4), name="phone", cause="power", link=True, agent=None):
        self.world, self.name, self.display, self.link = world, name, display, link
        self.host = "10.0.0.%d" % (100 + len(world.phones))
        self.config, self.mistakes = config.check(raw)
        self.make = agent or real_agent
        self.flash = {}  # what survives a restart: file -> bytes
        self.flash_why = ""  # what each Save is refused with: a word of events.py
        self.flash_blind = set()  # files that cannot be read
        self.saves = []  # (ms, file) of each Save
        self.notes = []  # (ms, text)
        self.asked = []  # the time line: (number, label, path, why, reused, ms, word)
        self.scratch = b""  # what survives a reset, but not a power cut
        self._born = 0  # when its clock was at 0: it starts with the phone
        self.lamp, self.light, self.tones, self.restarts = False, None, [], []
        self._cause = cause

    def start(self, cause=None):
        """Power up, or start again after a reset."""
        self.agent = None
        self._connections = {}  # conn -> Connection
        self._used = set()
        self.sip_port = None  # where it takes datagrams
        self.port = None  # where the phone listens, and who is inside: conn -> Visitor (visitor.py)
        self.visitors = {}
        self._buffer = bytearray(PIECE)
        self._released = self.world.now
        self._ticks = []
        self._idle_ticks = 0
        self._working = False
        self._loads, self._saves = [], []  # what the hands still have to do for the flash
        self._half = None  # (bytes, iterator): a file that is being written piece by piece
        self.deadline = None
        self.screen = None
        if (cause or self._cause) == "power":
            self.scratch = b""
        self.agent = self.make(self, cause or self._cause)
        address, servers = (self.host, (self.world.names.host,)) if self.link else ("", ())
        self.feed(events.Link(self.link, address, servers, None))

    def restart(self, cause="reset"):
        """As a reset does: connections break, flash stays, the clock of the phone begins anew."""
        self.world.say("%s restarts (%s)" % (self.name, cause))
        self.die()
        self._born = self.world.now - BOOT_MS
        self.start(cause)

    def die(self):
        """It hangs, or is gone: connections break, and nothing more happens until restart()."""
        for connection in self._connections.values():
            connection.close()
        self._connections = {}
        if self._saves and self._saves[0][1] is not None:  # at worst, as on a PC's disk
            name, data = self._saves[0]
            data = self._half[0] if self._half else bytes(data) if isinstance(data, bytes) else b""
            old = self.flash.get(name, b"")
            self.flash[name] = self.world.random.choice((old, b"", data[: len(data) // 2], data))
        self._saves = []
        self.agent = self.deadline = None

    @property
    def now(self):
        """What its clock says."""
        return self.world.now - self._born

    # --- what a person does and sees -----------------------------------------------------------

    def press(self, *keys, held=KEY_MS):
        """Press keys one after the other; returns while the last one is still down."""
        for key in keys:
            if self.world.now < self._released:
                self.world.run(self._released - self.world.now)
            self.world.say("%s: key %s" % (self.name, key))
            self._released = self.world.now + held
            self.feed(events.Key(key, True))
            self.world.after(held, lambda key=key: self.feed(events.Key(key, False)))

    def settings(self, name):
        """Open this page of the settings, as a person finds it in the menu."""
        self.press("settings")
        for _ in range(SETTINGS_MAX):
            row = self.screen.rows[self.screen.selected - self.screen.first]
            if row.text == name:
                return self.press("select")
            self.press("down")
        raise AssertionError("there is no %r in the settings\n%s" % (name, self.picture()))

    def text(self):
        """What a person reads: title, rows and prompt as lines."""
        lines = [self.screen.title] + [row.text for row in self.screen.rows] + [self.screen.prompt]
        return "\n".join(line for line in lines if line)

    def picture(self):
        """The whole screen, for the message of a failure."""
        screen = self.screen
        keys = " | ".join(label or "-" for label in screen.softkeys)
        head = "[%s %s] %s%s" % (screen.mark, screen.label, screen.kind, " busy" if screen.busy else "")
        return "--- %s: %s\n%s\n%s\n---" % (self.name, head, self.text(), keys)

    def wait_for(self, what, within=10000):
        """Let time pass until the screen, no longer busy, has the text `what`, or until what() holds.

        Returns the ms that it took; AssertionError with the screen after `within` ms.
        """
        if callable(what):
            return self.world.run_until(what, within, getattr(what, "__name__", "a condition"))
        return self.world.run_until(lambda: not self.screen.busy and what in self.text(), within, repr(what))

    def softkey(self, label):
        """Press the softkey that is labelled so."""
        assert label in self.screen.softkeys, "there is no softkey %r\n%s" % (label, self.picture())
        self.press("soft%d" % (self.screen.softkeys.index(label) + 1))

    def went(self, *whys):
        """Who was asked for one of these reasons, in order."""
        return [label for _, label, _, why, _, _, word in self.asked if why in whys and not word]

    def said(self, words):
        """Whether a note has these words."""
        return any(words in text for _, text in self.notes)

    # --- what happens to it ----------------------------------------------------------------------

    def network(self, up, bars=None):
        """Pull the cable, or put it back; bars: it is a radio, and so strong."""
        self.world.say("%s: network %s" % (self.name, "up" if up else "down"))
        self.link = up
        servers = (self.world.names.host,) if up else ()
        self.feed(events.Link(up, self.host if up else "", servers, bars))

    def received(self, conn, data):
        for at in range(0, len(data), PIECE):
            if conn not in self._connections:
                return  # closed while it read the piece before
            piece = data[at : at + PIECE]
            self._buffer[: len(piece)] = piece
            mark = self.agent.mark(conn, self.now)
            if mark:
                self._do_scratch(mark)
            self.feed(events.Received(conn, memoryview(self._buffer)[: len(piece)]))
            self._buffer[:] = b"\xa5" * PIECE

    def tick(self):
        before = (self.deadline, self.screen)
        effects = self.feed(events.Tick())
        now = self.world.now
        self._ticks = [at for at in self._ticks if at > now - 1000] + [now]
        stuck = not effects and (self.deadline, self.screen) == before
        self._idle_ticks = self._idle_ticks + 1 if stuck else 0
        if self._idle_ticks > 1:
            raise Broken("busy loop: two Ticks at %d ms changed nothing" % now)
        if self._ticks.count(now) > TICKS_AT_ONCE or len(self._ticks) > TICKS_A_SECOND:
            raise Broken("busy loop: %d Ticks within a second" % len(self._ticks))

    def feed(self, event):
        """Tell the agent, perform what it wants, look at the screen; the effects."""
        if isinstance(event, events.Closed):
            self._connections.pop(event.conn, None)
            self.world.say("%s: connection %d closed (%s)" % (self.name, event.conn, event.why))
        agent = self.agent
        if agent is None:
            return []
        effects = agent.feed(event, self.now)
        if not isinstance(effects, (list, tuple)):
            raise Broken("feed(%s) returned %r" % (type(event).__name__, effects))
        for effect in effects:
            self._perform(effect)
        if agent is self.agent:  # no restart meanwhile
            self._look()
            self._work()
        return effects

    def _work(self):
        """Take the agent's long work a step at a time, with the world going on in between."""
        if self._working or not (self.agent.work() or self.agent.idle()):
            return
        self._working = True

        def go_on(agent=self.agent):
            if agent is self.agent:
                self._working = False
                self._work()
                self._look()

        self.world.after(1, go_on)

    def _look(self):
        deadline = self.agent.deadline()
        if deadline is not None and not isinstance(deadline, int):
            raise Broken("deadline() is %r, not ms" % (deadline,))
        self.deadline = None if deadline is None else deadline + self._born
        for _ in range(BANDS):
            band = self.agent.paint(Canvas(*self.display))
            if band is None:
                break
            y, height, palette = band or (0, 1, "4444")
            if not (0 <= y < y + height <= self.display[1] and len(palette) == 4):
                raise Broken("paint() returned %r" % (band,))
        else:
            raise Broken("paint() does not end: more than %d bands" % BANDS)
        screen = self.agent.screen()
        if screen != self.screen:
            shown = self.screen is None or (screen.title, screen.rows, screen.prompt, screen.busy) != (
                self.screen.title, self.screen.rows, self.screen.prompt, self.screen.busy,
            )  # fmt: skip
            self.screen = screen
            if shown:
                self.world.say("%s shows: %s" % (self.name, " / ".join(self.text().split("\n"))))

    # --- the hands ---------------------------------------------------------------------------------

    def _perform(self, effect):
        act = getattr(self, "_do_" + type(effect).__name__.lower(), None)
        if act is None:
            raise Broken("there is no effect %r" % (effect,))
        act(*effect)

    def _do_open(self, conn, address, tls):
        host, port = address
        if not isinstance(conn, int) or conn <= 0 or conn in self._used:
            raise Broken("Open of conn %r, which was used before or is no number" % (conn,))
        if not isinstance(host, str) or not re.fullmatch(r"\d+(\.\d+){3}", host) or not 0 < port < 65536:
            raise Broken("Open to %r, which is no (IPv4 literal, port)" % (address,))
        if len(self._connections) >= SOCKETS:
            raise Broken("more than %d sockets" % SOCKETS)
        if not isinstance(tls, str):
            raise Broken("Open with tls %r, which is no name" % (tls,))
        self._used.add(conn)
        self.world.say("%s: connection %d to %s:%d" % (self.name, conn, host, port))
        self._connections[conn] = Connection(self.world, self, conn, (host, port), tls)

    def _do_listen(self, port):
        self.port = port

    def _do_write(self, conn, data):
        if conn < 0:
            if conn in self.visitors:
                self.visitors[conn].write(data)
            return
        if conn not in self._used:
            raise Broken("Write to conn %r, which was never opened" % (conn,))
        connection = self._connections.get(conn)
        if connection:  # the last Closed may have crossed this Write
            if not connection.opened:
                raise Broken("Write to conn %d before Opened" % conn)
            connection.write(data)

    def _do_close(self, conn):
        if conn < 0:
            if conn in self.visitors:
                self.visitors.pop(conn).closed()
            return
        if conn not in self._used:
            raise Broken("Close of conn %r, which was never opened" % (conn,))
        connection = self._connections.pop(conn, None)
        if connection:
            connection.close()

    def _do_bind(self, port):
        self.sip_port = port
        self.world.after(0, lambda agent=self.agent: agent is self.agent and self.feed(events.Bound(port)))

    def _do_sendto(self, data, address, port):
        world, names = self.world, self.world.names
        if not isinstance(data, (bytes, bytearray)) or len(data) > 1472:
            raise Broken("SendTo of %r" % (data,))
        if port not in (0, self.sip_port):
            raise Broken("SendTo from port %r, which is not bound" % (port,))
        answer = names.receive if address == (names.host, 53) else world.listeners.get(address)
        whence = (self.host, port)
        if answer is None or not self.link or world.lost(data, whence, address):
            return

        def arrive():
            reply = answer(bytes(data)) if answer == names.receive else answer(bytes(data), whence)
            if reply is not None:
                self.datagram(reply, address, port)

        world.after(world.random.randint(*names.latency), arrive)

    def datagram(self, data, address, port):
        """One is under way to this phone; it may be lost."""
        if self.world.lost(data, address, (self.host, port)):
            return

        def arrive():
            if self.link and port in (0, self.sip_port):
                self.feed(events.Datagram(data, address, port))

        self.world.after(self.world.random.randint(*self.world.names.latency), arrive)

    def _do_save(self, name, data):
        if not re.fullmatch(FILE, name):
            raise Broken("Save of %r, which is no safe name of a file" % (name,))
        self.saves.append((self.world.now, name))
        self._ask_flash(self._saves, (name, data))

    def _do_load(self, name, at):
        self._ask_flash(self._loads, (name, at))

    def _ask_flash(self, line, what):
        idle = not self._loads and not self._saves
        line.append(what)
        if idle:
            self._flash_later()

    def _flash_later(self):
        """The hands take a step a turn; a step of writing stalls a board."""
        agent = self.agent
        wait = READ_MS if self._loads else WRITE_MS

        def go_on():
            if agent is self.agent:
                event = self._step_flash()
                if self._loads or self._saves:
                    self._flash_later()
                if event:
                    self.feed(event)

        self.world.after(wait, go_on)

    def _step_flash(self):
        """Read or write a piece; the event that it came to, or None."""
        if self._loads:
            name, at = self._loads.pop(0)
            data = self.flash.get(name)
            if name in self.flash_blind:
                return events.Loaded(name, False)
            return events.Loaded(name, None if data is None else data[at : at + PIECE])
        name, data = self._saves[0]
        if not isinstance(data, (bytes, type(None))):
            done, pieces = self._half or (b"", iter(data))
            for piece in pieces:
                if len(piece) > PIECE:
                    raise Broken("Save of %r gave a piece of %d bytes" % (name, len(piece)))
                self._half = done + bytes(piece), pieces
                return None
            data, self._half = done, None
        self._saves.pop(0)
        if not self.flash_why:
            self.flash.pop(name, None)
            if data is not None:
                self.flash[name] = data
        return events.Saved(name, self.flash_why)

    def _do_note(self, text):
        self.notes.append((self.world.now, text))
        self.world.say("%s notes: %s" % (self.name, text))

    def _do_asked(self, number, label, path, why, reused, ms, word):
        self.asked.append((number, label, path, why, reused, ms, word))

    def _do_light(self, level):
        self.light = level

    def _do_lamp(self, on):
        self.lamp = on

    def _do_tone(self, name):
        self.tones.append((self.world.now, name))

    def _do_scratch(self, data):
        if not isinstance(data, bytes) or not len(data) <= SCRATCH:
            raise Broken("Scratch of %r" % (data,))
        self.scratch = data

    def _do_restart(self, why):
        self.restarts.append((self.world.now, why))
        while self._saves and isinstance(self._saves[0][1], (bytes, type(None))):  # as the hands do
            self._loads.clear()
            self._step_flash()
        self.world.after(0, self.restart)


class Canvas:
    """Takes every drawing and keeps nothing: what a screen looks like is for tests/screens."""

    def __init__(self, width, height, levels):
        self.width, self.height = width, height

    def fill(self, level):
        pass

    def pixel(self, x, y, level):
        pass

    def hline(self, x, y, width, level):
        pass

    vline = hline

    def fill_rect(self, x, y, width, height, level):
        pass

    def rect(self, x, y, width, height, level, filled=False):
        pass

    def line(self, x1, y1, x2, y2, level):
        pass

    def blit(self, picture, x, y, key=-1, palette=None):
        pass


def homes(*sites, timers=None, backups=None):
    """A configuration in which each site is a home with the pointers of its intranet."""
    return {
        "identity": {"name": "SEP001122334455", "label": "Ward 3"},
        "homes": [
            {"name": site.name, "pointers": {"services": site.url(MENU), "directory": site.url(PEOPLE)}}
            for site in sites
        ],
        "backups": backups or {},
        "timers": timers or {},
    }


def real_agent(phone, cause):
    from phone.agent import Agent

    random = phone.world.random
    return Agent(
        phone.config, theme(*phone.display), lambda count: random.randbytes(count), phone.mistakes, cause,
        scratch=phone.scratch, unpack=lambda: Inflater,
    )  # fmt: skip


@cache
def theme(width, height, levels):
    """The theme of a display with the real fonts, made once: it speaks as the phone that started last."""
    from host_tools import fonts as maker, words as translator
    from phone.runtime import fonts
    from phone.runtime.words import words
    from phone.ui.theme import font_names, theme_for

    folder = Path(__file__).parents[2] / "build"
    maker.build(folder / "fonts")
    translator.build(folder / "words")
    found = fonts.fonts(str(folder / "fonts"), font_names(width, height, levels))
    return theme_for(width, height, levels, found, lambda code: words(str(folder / "words"), code))
