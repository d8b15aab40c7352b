"""Runs under MicroPython in the place of main.py: the same phone, and what its heap holds once a second.

    micropython soak_main.py OUT [the arguments of main.py]       until OUT.stop is there; then it writes OUT

OUT is JSON: a list of the least number of bytes in use after a collection in each BIN_SECONDS. The least lies
between two pages, where little is under way.
"""

import asyncio
import gc
import json
import os
import sys

OUT = sys.argv.pop(1)
BIN_SECONDS = 30
# Room for an hour, taken before the phone begins: what is measured must not grow with the measuring.
BINS = 120
least = bytearray(4 * BINS)


def stopped():
    try:
        os.stat(OUT + ".stop")
        return True
    except OSError:
        return False


async def count():
    bins = seconds = low = 0
    while bins < BINS and not stopped():
        await asyncio.sleep(1)
        gc.collect()
        used = gc.mem_alloc()
        low = min(low or used, used)
        seconds += 1
        if seconds % BIN_SECONDS == 0:
            least[4 * bins : 4 * bins + 4] = low.to_bytes(4, "little")
            bins += 1
            low = 0
    with open(OUT, "w") as file:
        json.dump([int.from_bytes(least[4 * at : 4 * at + 4], "little") for at in range(bins)], file)
    sys.exit(0)


def main():
    sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH
    asyncio.create_task(count())
    import main  # noqa: F401 (it runs the phone)


main()
