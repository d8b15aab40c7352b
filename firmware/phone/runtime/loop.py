"""The hands: performs the brain's effects, feeds it what happens, sleeps until its deadline.

Everything that happens ends in feed(), which is called from whichever task noticed and never
waits. Tasks that must not die: turn (deadlines and the watchdog), keys, screen, and datagrams once
there are any.
"""

import asyncio
import gc

from micropython import const

from phone import events
from phone.runtime.forget import forget, has, spare
from phone.runtime.screen import Screen
from phone.runtime.tasks import Tasks
from phone.runtime.tcp import Tcp

# Garbage is collected between slices, not in the middle of one (it takes 2 ms on an ESP32): after so many
# pieces of pages or bands of the screen, some 2 KB each. Otherwise after half of what is free beyond a
# reserve; on a small board as soon as while things were made (main.py), so that what stays lies together.
_SLICES = const(3)
_TURNS = const(50)  # and once a second of rest, which makes 300 bytes a turn
_RESERVE = const(32768)
_SOON = const(4096)
_WATCHDOG_MS = const(8000)  # twice STUCK_MS of tasks.py; a person would pull the plug after it
# A page may take an eighth of the heap: 14 KB of 112, a hundred items. Below a quarter seldom modules go.
_ROOM, _SPARE = const(8), const(4)
_LEAST = const(32)  # with less than that part of it free, its pages given up, a phone shows no page any more
_LINK_MS = const(2000)  # a cable that is out is noticed as soon; asking a board costs a few microseconds
# The longest sleep: an earlier deadline is noticed after it, without the 1 KB of a wait with a time-out.
_TURN_MS = const(20)
_REST_MS = const(10)  # no honest brain wants ticks so close for long: what it waits for takes longer
_LATE_MS = const(2000)  # a deadline of the brain's that is so far overdue is not being honoured


class Loop:
    def __init__(self, agent, board, clock):
        self._agent = agent
        self._board = board
        self._now = clock.now
        self._tasks = Tasks(clock.now)
        self._tcp = Tcp(self.feed, self.breathe)
        self._slices = 0
        self._short = False  # of memory, with all given up that can be
        self._udp = None  # made with the first datagram, or Bind
        self._files = None
        self._deadline = None  # the brain's, as of the last feed
        self._link = None  # (up, address, name servers) as the brain knows it
        self._link_at = 0
        self._screen = Screen(agent, board.display, self._tasks, self._relieve, self.breathe)
        self._later = []  # events that an effect or a panel caused: fed after the effects, or next turn
        board.display.replay = agent.replay
        board.display.open = lambda page: self._later.append(events.Show(page))
        self._watchdog = board.watchdog(_WATCHDOG_MS)

    async def run(self):
        gc.collect()
        gc.threshold(max(_SOON, (gc.mem_free() - _RESERVE) // 2))
        self._look_at_link(self._now())
        seconds = self._board.wall()
        if seconds is not None:
            self.feed(events.Wall(seconds, "clock"))
        self._tasks.start("keys", self._keys())
        self._tasks.start("screen", self._screen.run())
        self._tasks.start("turn", self._turn())
        await asyncio.Event().wait()  # for ever: a task that dies starves the watchdog

    async def breathe(self):
        """Between two slices: collect garbage where it is time, and let the others run."""
        self._slices += 1
        if self._slices >= _SLICES:
            self._slices = 0
            gc.collect()
        await asyncio.sleep_ms(0)

    def feed(self, event):
        """Tell the brain, and do what it wants."""
        now = self._now()
        try:
            if type(event) is events.Received:
                mark = self._agent.mark(event.conn, now)
                if mark:
                    self._board.keep(mark)
            elif type(event) is events.Datagram:
                spare(_ROOM)  # for the code that reads it
            for effect in self._agent.feed(event, now):
                self._perform(effect, now)
        except Exception as error:
            self._relieve(error)
        while self._later:
            self.feed(self._later.pop(0))
        try:
            self._deadline = self._agent.deadline()
        except MemoryError:
            self._deadline = now  # asked again in the next turn
        self._screen.stale.set()

    def _relieve(self, error, wholly=False):
        """No room, or a mistake: the brain gives up what it can; wholly: the page on screen, too."""
        now = self._now()
        forget()
        for page_too in (wholly, True):
            gc.collect()
            broken = ""
            if error and not isinstance(error, MemoryError):
                self._tasks.broke(error)
                broken = type(error).__name__
            try:
                for effect in self._agent.relieve(now, page_too, broken):
                    self._perform(effect, now)
                error = None
                gc.collect()
                if has(_LEAST):
                    return
            except Exception as worse:  # not even for a sentence: then the page on screen has to go
                error = worse
        print("memory is short")
        self._short = True

    def _perform(self, effect, now):
        kind = type(effect)
        if kind is events.Open:
            self._tcp.open(effect.conn, effect.address, effect.tls, self._board)
        elif kind is events.Write:
            if effect.conn > 0:  # a visitor's page is made while it is sent
                self._make_room()
            self._tcp.write(effect.conn, effect.data)
        elif kind is events.Close:
            self._tcp.close(effect.conn)
        elif kind is events.SendTo:
            self._datagrams().send(effect)
        elif kind is events.Note:
            self._board.note(now, effect.text)
        elif kind is events.Asked:
            self._board.asked(now, effect)
        elif kind is events.Save or kind is events.Load:
            self._file(effect)
        elif kind is events.Light:
            self._board.display.light(effect.level)
        elif kind is events.Lamp:
            self._board.lamp(effect.on)
        elif kind is events.Tone:
            self._board.tone(effect.name)
        elif kind is events.Listen:
            self._listen(effect.port)
        elif kind is events.Bind:
            self._later.append(self._datagrams().bind(effect.port))
        elif kind is events.Scratch:
            self._board.keep(effect.data)
        elif kind is events.Restart:
            while self._files and self._files.soon:  # what was asked for before comes before
                self._files.step()
            self._board.restart()

    def _make_room(self):
        """Before a request goes out: is there room for its page? What is seldom wanted goes first."""
        spare(_SPARE)
        if not has(_ROOM):
            self._later.append(events.Low())

    def _datagrams(self):
        """A phone that needs no name server and no call manager never comes here."""
        if self._udp is None:
            from phone.runtime.udp import Datagrams

            self._udp = Datagrams(self._board.pair, self._tasks, self.feed, self.breathe, self._make_room)
        return self._udp

    def _listen(self, port):
        """Take visitors; a phone whose configuration wants none never comes here."""
        from phone.runtime.listen import Listener

        found = Listener(self._board, port, self._tcp, self.feed)
        if found.opened:
            self._tasks.start("visitors", found.run())
        else:
            self._later.append(events.Closed(events.TAKEN, events.REFUSED))

    def _file(self, effect):
        if self._files is None:
            from phone.runtime.files import Files

            self._files = Files(self._board.state)
        self._files.ask(effect)

    def _step_files(self):
        """A step with what is to be read or written; whether the next one need not wait."""
        event = self._files and self._files.step()
        if event:
            self.feed(event)
            if not self._files.soon:
                spare(_ROOM)  # of what reads and writes records
        return bool(self._files) and self._files.soon

    async def _turn(self):
        turns = 0
        while True:
            try:
                longest = self._work()
            except MemoryError as error:
                self._relieve(error)
                longest = _TURN_MS
            turns += 1
            if turns % _TURNS == 0:
                gc.collect()
                spare(_ROOM)
                self._short = self._short and not has(_LEAST)
                self._tasks.mark("memory", self._short)
            wait = longest if self._deadline is None else self._deadline - self._now()
            await asyncio.sleep_ms(max(0, min(longest, wait)))

    def _work(self):
        """What is due, and the watchdog of a phone that is well; ms until the next turn at the latest."""
        now = self._now()
        rests = not self._later and (self._deadline is None or now < self._deadline)
        if not rests:
            self.feed(events.Tick())
            rests = self._deadline is None or self._deadline - self._now() >= _REST_MS
        self._tasks.mark("ticks", not rests)  # a brain that wants one at once may want it for ever
        if now - self._link_at >= _LINK_MS:
            self._look_at_link(now)
        if self._tasks.healthy() and (self._deadline is None or now - self._deadline < _LATE_MS):
            self._watchdog.feed()
        return 0 if self._step_files() else _TURN_MS

    def _look_at_link(self, now):
        self._link_at = now
        link = self._board.link()
        if link != self._link:
            self._link = link
            self.feed(events.Link(*link))

    async def _keys(self):
        while True:
            try:
                key, down = await self._board.keypad.read()
                if down:
                    spare(_ROOM)  # for a page of the phone's own, which asks nobody
                self.feed(events.Key(key, down))
            except MemoryError as error:
                self._relieve(error)
