"""Tasks that must not die, by name, and whether they get on with their work.

A task that ends, by return or by exception, is told on the console with its name and makes
`healthy()` False for good; the watchdog is then no longer fed, and the phone starts anew. A task
that waits for work is well; one that has begun a piece of work must finish it within STUCK_MS.
"""

import asyncio
import sys

STUCK_MS = 4000  # the longest honest piece of work is one picture over a slow panel link


class Tasks:
    def __init__(self, now):
        self._now = now
        self._dead = []
        self._busy = {}  # name -> ms at which its piece of work began

    def start(self, name, coroutine):
        return asyncio.create_task(self._run(name, coroutine))

    def begin(self, name):
        self._busy[name] = self._now()

    def done(self, name):
        self._busy.pop(name, None)

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
        self._dead.append(name)


def _print_exception(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    else:
        print(repr(error))
