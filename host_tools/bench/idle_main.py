"""Runs under MicroPython in the place of main.py: the same phone, left alone, with the collector off.

    micropython idle_main.py OUT SECONDS [the arguments of main.py]       ends by itself and writes OUT

OUT is JSON: {"seconds": 20.0, "bytes": 1234567}: what was allocated in that time and is garbage, mostly.
The phone collects by itself, once a second and after each third slice: so it gets a module gc that does not.
"""

import asyncio
import gc
import json
import sys
import time

OUT = sys.argv.pop(1)
SECONDS = int(sys.argv.pop(1))
SETTLE_SECONDS = 2  # the start is over, and the panel's first client has gone


class Over(Exception):
    """The time is over."""


class Keeping:
    """Stands for the module gc: nothing is ever given back."""

    mem_free, mem_alloc = gc.mem_free, gc.mem_alloc

    def collect(self):
        pass

    def threshold(self, bytes):
        pass


async def count():
    await asyncio.sleep(SETTLE_SECONDS)
    gc.collect()
    begun, before = time.ticks_ms(), gc.mem_alloc()
    await asyncio.sleep(SECONDS)
    took, after = time.ticks_diff(time.ticks_ms(), begun), gc.mem_alloc()
    with open(OUT, "w") as file:
        json.dump({"seconds": took / 1000, "bytes": after - before}, file)
    sys.exit(0)


def main():
    sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH
    gc.disable()
    sys.modules["gc"] = Keeping()
    asyncio.create_task(count())
    import main  # noqa: F401 (it runs the phone)


main()
