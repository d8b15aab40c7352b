"""The task that paints: what is stale, band by band, and shows it.

    waits --something may have changed--> paints, giving way between bands --> shows --> waits
                                            |  no room, or a mistake: the brain gives up the page
                                            +--for STUCK_MS--> stuck, and the watchdog is not fed
"""

import asyncio

from micropython import const

_BREATH_MS = const(100)  # after painting failed for memory: the others first
_STEPS = const(8)  # of such work before garbage may be collected
_FAILURES_MAX = const(3)  # in a row: then it is the page itself that takes the room


class Screen:
    """`relieve(error, wholly)` and `breathe()` are the loop's."""

    def __init__(self, agent, display, tasks, relieve, breathe):
        self._agent = agent
        self._display = display
        self._tasks = tasks
        self._relieve = relieve
        self._breathe = breathe
        self.stale = asyncio.Event()  # the screen may have to be painted
        display.again = self.stale.set

    async def run(self):
        """Paint what is stale and show it; a page for which there is no room goes."""
        failures = 0
        while True:
            await self.stale.wait()
            self.stale.clear()
            self._tasks.begin("screen")
            try:
                await self._paint()
                failures = 0
                self._tasks.done("screen")
                await self._idle()
            except Exception as error:  # and not done: who fails for STUCK_MS is stuck
                failures += 1
                self._relieve(error, failures >= _FAILURES_MAX or not isinstance(error, MemoryError))
                self.stale.set()
                await asyncio.sleep_ms(_BREATH_MS)

    async def _idle(self):
        """All is painted: what takes long is done in short steps, until there is something to paint."""
        steps = 0
        while not self.stale.is_set() and self._agent.idle():
            steps += 1
            if steps % _STEPS:
                await asyncio.sleep_ms(0)
            else:  # it makes little garbage
                await self._breathe()

    async def _paint(self):
        while self._agent.work():
            await self._breathe()
        bands = []
        band = self._agent.paint(self._display.canvas)
        while band is not None:
            if band:
                bands.append(band)
                await self._breathe()
            else:
                await asyncio.sleep_ms(0)
            band = self._agent.paint(self._display.canvas)
        self._tasks.done("screen")  # with painting; to show it is the next piece of work
        self._tasks.begin("screen")
        await self._display.show(bands, self._agent.screen())
