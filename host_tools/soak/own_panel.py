"""In the place of drivers/panel.py: a display and keys of the phone's own, as a board has, and no panel link.

A person sits inside, who presses random keys. What the heap holds is counted once a second. Once the file
named by EVERLINE_SOAK and ".stop" is there the phone ends and writes the file: one line of JSON.
"""

import asyncio
import gc
import json
import os
import random
import sys
import time

OUT = os.getenv("EVERLINE_SOAK")
KEYS = ("services directory messages information settings services directory 1 2 3 4 5 6 up down left right "
        "select back soft1 soft2 soft3 soft4 0 * #").split()
KEY_MS, HELD_MS = 250, 40  # the longest pause between two keys: somebody who looks for something
BIN_SECONDS = 30
# Room for an hour, taken before the phone begins: what is measured must not grow with the measuring.
BINS = 120


class Keypad:
    """Key events as (key, down)."""

    def __init__(self):
        self.pressed = 0
        self.at = None  # ms of the press that nothing was shown for yet
        self._held = ""

    async def read(self):
        key, self._held = self._held, ""
        if key:
            await asyncio.sleep_ms(HELD_MS)
            return key, False
        await asyncio.sleep_ms(random.randint(20, KEY_MS))
        self._held = key = random.choice(KEYS)
        self.pressed += 1
        self.at = time.ticks_ms()
        return key, True


class Panel:
    def __init__(self, canvas, buffer, width, height, levels, clients_max):
        self.canvas, self.width, self.height, self.levels = canvas, width, height, levels
        self.keypad = Keypad()
        self.again = self.replay = self.open = None
        self._refused = self._frames = self._slowest = 0
        self._least = bytearray(4 * BINS)

    def listen(self, host, port, name, label):
        random.seed(int(name))  # the host names the phone after its seed
        asyncio.create_task(self._count())

    async def show(self, bands, screen):
        self._frames += 1
        if self.keypad.at is not None:
            self._slowest = max(self._slowest, time.ticks_diff(time.ticks_ms(), self.keypad.at))
            self.keypad.at = None
        if bands and screen.rows and screen.rows[0].text.startswith("The page needs more"):
            self._refused += 1

    def light(self, level):
        pass

    def signal(self, name, value):
        pass

    def noted(self):
        pass

    def asked(self, ms, request):
        pass

    async def _count(self):
        bins = seconds = low = 0
        while bins < BINS and not _is_there(OUT + ".stop"):
            await asyncio.sleep(1)
            gc.collect()
            used = gc.mem_alloc()
            low = min(low or used, used)
            seconds += 1
            if seconds % BIN_SECONDS == 0:
                self._least[4 * bins : 4 * bins + 4] = low.to_bytes(4, "little")
                bins += 1
                low = 0
        least = [int.from_bytes(self._least[4 * at : 4 * at + 4], "little") for at in range(bins)]
        report = {"least": least, "keys": self.keypad.pressed, "frames": self._frames,
                  "slowest_ms": self._slowest, "refused": self._refused}
        with open(OUT, "w") as file:
            json.dump(report, file)
        sys.exit(0)


def _is_there(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False
