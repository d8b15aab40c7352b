"""The hands: performs the brain's effects, feeds it what happens, sleeps until its deadline.

Everything that happens ends in feed(), which is called from whichever task noticed and never
waits. Four tasks must not die: turn (deadlines and the watchdog), keys, screen, datagrams.
"""

import asyncio

from micropython import const

from phone import events
from phone.runtime.files import Files
from phone.runtime.tasks import Tasks
from phone.runtime.tcp import Tcp
from phone.runtime.udp import Udp

_WATCHDOG_MS = const(8000)  # twice STUCK_MS of tasks.py; a person would pull the plug after it
_TURN_MS = const(1000)  # the watchdog is fed at least so often, with nothing else to do
_LATE_MS = const(2000)  # a deadline of the brain's that is so far overdue is not being honoured


class Loop:
    def __init__(self, agent, board, clock):
        self._agent = agent
        self._board = board
        self._now = clock.now
        self._tasks = Tasks(clock.now)
        self._tcp = Tcp(self.feed)
        self._udp = Udp(board.pair)
        self._files = Files(board.state)
        self._sleeps_until = 0
        self._earlier = asyncio.Event()  # the deadline moved to before the end of the sleep
        self._stale = asyncio.Event()  # the screen may have to be painted
        self._later = []  # events that an effect caused: fed after the effects
        self._watchdog = board.watchdog(_WATCHDOG_MS)

    async def run(self):
        up, address, dns = self._board.link()
        self.feed(events.Link(up, address, dns))
        seconds = self._board.wall()
        if seconds is not None:
            self.feed(events.Wall(seconds, "clock"))
        self._tasks.start("keys", self._keys())
        self._tasks.start("screen", self._screen())
        self._tasks.start("datagrams", self._datagrams())
        await self._tasks.start("turn", self._turn())

    def feed(self, event):
        """Tell the brain, and do what it wants."""
        now = self._now()
        for effect in self._agent.feed(event, now):
            self._perform(effect, now)
        while self._later:
            self.feed(self._later.pop(0))
        self._stale.set()
        deadline = self._agent.deadline()
        if deadline is not None and deadline < self._sleeps_until:
            self._earlier.set()

    def _perform(self, effect, now):
        kind = type(effect)
        if kind is events.Open:
            self._tcp.open(effect.conn, effect.address)
        elif kind is events.Write:
            self._tcp.write(effect.conn, effect.data)
        elif kind is events.Close:
            self._tcp.close(effect.conn)
        elif kind is events.SendTo:
            self._udp.send(effect.data, effect.address)
        elif kind is events.Note:
            self._board.note(now, effect.text)
        elif kind is events.Save:
            self._later.append(events.Saved(effect.name, self._files.save(effect.name, effect.data)))
        elif kind is events.Load:
            self._later.append(events.Loaded(effect.name, self._files.load(effect.name)))
        elif kind is events.Light:
            self._board.display.light(effect.level)
        elif kind is events.Lamp:
            self._board.lamp(effect.on)
        elif kind is events.Tone:
            self._board.tone(effect.name)
        elif kind is events.Restart:
            self._board.restart()

    async def _turn(self):
        while True:
            now = self._now()
            deadline = self._agent.deadline()
            if deadline is not None and now >= deadline:
                self.feed(events.Tick())
                deadline = self._agent.deadline()
            if self._tasks.healthy() and (deadline is None or now - deadline < _LATE_MS):
                self._watchdog.feed()
            wait = _TURN_MS if deadline is None else max(0, min(_TURN_MS, deadline - self._now()))
            self._earlier.clear()
            self._sleeps_until = self._now() + wait
            try:
                await asyncio.wait_for_ms(self._earlier.wait(), wait)
            except asyncio.TimeoutError:
                pass

    async def _keys(self):
        while True:
            key, down = await self._board.keypad.read()
            self.feed(events.Key(key, down))

    async def _datagrams(self):
        while True:
            data, address = await self._udp.receive()
            self.feed(events.Datagram(data, address))

    async def _screen(self):
        """Paint what is stale, row by row, then send it; never both at once."""
        display = self._board.display
        while True:
            await self._stale.wait()
            self._stale.clear()
            self._tasks.begin("screen")
            while self._agent.work():
                await asyncio.sleep_ms(0)
            bands = []
            band = self._agent.paint(display.canvas)
            while band:
                bands.append(band)
                await asyncio.sleep_ms(0)
                band = self._agent.paint(display.canvas)
            await display.show(bands, self._agent.screen())
            self._tasks.done("screen")
