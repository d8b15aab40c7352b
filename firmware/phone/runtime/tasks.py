"""Whether the phone is well: tasks that must not die, by name, pieces of work that must end, a whole brain.

    well --a task ended--------------------------------------> unwell for good
      |  --a piece of work is not done after STUCK_MS---------> unwell until it is done
      +---- the brain broke off BREAKS_MAX times in a minute --> unwell for good

The watchdog is fed by a phone that is well, and by no other: who is unwell starts anew. A task that waits for
work is well. Who begins the same piece of work again has not done it yet.
"""

import asyncio
import sys

from micropython import const

STUCK_MS = 4000  # the longest honest piece of work is one picture over a slow panel link
BREAKS_MAX = 3  # a mistake that one page brings to light is passed over, a broken brain is not
_BREAKS_MS = const(60000)


class Tasks:
    def __init__(self, now):
        self._now = now
        self._dead = []
        self._busy = {}  # name -> ms at which its piece of work began
        self._breaks = []  # ms of the last BREAKS_MAX

    def start(self, name, coroutine):
        return asyncio.create_task(self._run(name, coroutine))

    def begin(self, name):
        if name not in self._busy:
            self._busy[name] = self._now()

    def done(self, name):
        self._busy.pop(name, None)

    def mark(self, name, busy):
        """Begun, or done."""
        if busy:
            self.begin(name)
        else:
            self.done(name)

    def broke(self, error):
        """The brain raised an exception that it never should."""
        now = self._now()
        self._breaks = self._breaks[1 - BREAKS_MAX :] + [now]
        if len(self._breaks) == BREAKS_MAX and now - self._breaks[0] < _BREAKS_MS:
            self._dead.append("brain")
        _print_exception(error)

    def healthy(self):
        """Whether all live and none is stuck."""
        now = self._now()
        return not self._dead and all(now - began < STUCK_MS for began in self._busy.values())

    async def _run(self, name, coroutine):
        try:
            await coroutine
            print("task", name, "ended")
        except Exception as error:
            print("task", name, "died:")
            _print_exception(error)
        finally:  # cancelled, too, or no room to say so
            self._dead.append(name)


def _print_exception(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    else:
        print(repr(error))
