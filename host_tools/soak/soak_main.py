"""Runs under MicroPython in the place of main.py: the same phone, and what its heap holds once a second.

    micropython soak_main.py OUT [the arguments of main.py]       until OUT.stop is there; then it writes OUT

OUT is JSON: {"heap": [bytes in use after a collection, ...], "every_ms": 1000}.
"""

import asyncio
import gc
import json
import os
import sys

OUT = sys.argv.pop(1)
EVERY_MS = 1000
# Room for 30 minutes, taken before the phone begins: what is measured must not grow with the measuring.
SAMPLES = 1800
samples = bytearray(4 * SAMPLES)


def stopped():
    try:
        os.stat(OUT + ".stop")
        return True
    except OSError:
        return False


async def count():
    taken = 0
    while taken < SAMPLES and not stopped():
        await asyncio.sleep_ms(EVERY_MS)
        gc.collect()
        samples[4 * taken : 4 * taken + 4] = gc.mem_alloc().to_bytes(4, "little")
        taken += 1
    with open(OUT, "w") as file:
        file.write('{"every_ms": %d, "heap": [' % EVERY_MS)
        for at in range(taken):
            used = int.from_bytes(samples[4 * at : 4 * at + 4], "little")
            file.write(json.dumps(used) if at == 0 else ", " + json.dumps(used))
        file.write("]}")
    sys.exit(0)


def main():
    sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH
    asyncio.create_task(count())
    import main  # noqa: F401 (it runs the phone)


main()
