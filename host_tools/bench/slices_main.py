"""Runs under MicroPython in the place of main.py: the same phone, with a stop-watch around each slice.

    micropython slices_main.py OUT [the arguments of main.py]         SIGINT: write OUT and end

A slice is a piece of work during which nothing else can run: Agent.feed, Agent.paint, Agent.work, and a
turn of the loop, which is all from one wait for the sockets to the next. OUT is JSON:

    {"feed": {"plain": [...], "collected": [...], "worst": [[us, what], ...]}, ..., "collection": [us, ...]}

plain and collected count slices by their length in steps of STEP_US, without and with a collection of
garbage in them. The heap is looked over before and after each slice to know that, outside its time, and
that look is taken off the turn's.
"""

import array
import gc
import json
import sys
import time

STEP_US = 5
STEPS = 2000  # 10 ms; the last one holds what is longer
WORST = 12  # slices that are named, of each kind
LABEL_US = 150  # shorter slices are counted but not named: a name is garbage
COLLECTIONS = 20

ticks, diff = time.ticks_us, time.ticks_diff
spent = 0  # us of this turn that the looks at the heap took


class Kind:
    """All slices of one kind."""

    def __init__(self):
        self.plain = array.array("H", bytes(2 * STEPS))
        self.collected = array.array("H", bytes(2 * STEPS))
        self.worst = []

    def add(self, us, collected, label):
        steps = self.collected if collected else self.plain
        at = min(us // STEP_US, STEPS - 1)
        steps[at] = min(steps[at] + 1, 65535)
        if us >= LABEL_US:
            worst = self.worst
            if len(worst) < WORST or us > worst[-1][0]:
                what = label()
                worst.append((us, what + (", with a collection" if collected else "")))
                worst.sort(key=lambda slice: -slice[0])
                del worst[WORST:]

    def report(self):
        return {"plain": _short(self.plain), "collected": _short(self.collected), "worst": self.worst}


def _short(steps):
    """[[step, count], ...] of those that are not empty."""
    return [[at, steps[at]] for at in range(STEPS) if steps[at]]


kinds = {name: Kind() for name in ("feed", "parse", "paint", "work", "turn")}


def look():
    """Bytes in use; the time it takes is not the phone's."""
    global spent
    begun = ticks()
    used = gc.mem_alloc()
    spent += diff(ticks(), begun)
    return used


def watched(function, kind_of, label_of):
    """`function` with a stop-watch; kind_of and label_of get its arguments, label_of its result, too."""

    def watch(*arguments):
        used = look()
        begun = ticks()
        result = function(*arguments)
        us = diff(ticks(), begun)
        kind_of(arguments).add(us, look() < used, lambda: label_of(arguments, result))
        return result

    return watch


def label_of_feed(arguments, effects):
    event = arguments[1]
    label = type(event).__name__
    if label == "Key":
        label = "%s %s %s" % (label, event.key, "down" if event.down else "up")
    elif label == "Received":
        label = "%s %d bytes" % (label, len(event.view))
    names = [type(effect).__name__ for effect in effects]
    return "%s -> %s" % (label, " ".join(names) or "nothing")


def label_of_paint(arguments, band):
    if band is None:
        return "looking for a stale band"
    screen = arguments[0].screen()
    return '%s "%s", rows %d to %d' % (screen.kind, screen.title, band[0], band[0] + band[1] - 1)


def watch_agent():
    from phone.agent import Agent
    from phone.events import Received

    feed, parse, paint, work = [kinds[name] for name in ("feed", "parse", "paint", "work")]
    Agent.feed = watched(Agent.feed, lambda a: parse if type(a[1]) is Received else feed, label_of_feed)
    Agent.paint = watched(Agent.paint, lambda a: paint, label_of_paint)
    Agent.work = watched(Agent.work, lambda a: work, lambda a, more: a[0].screen().title)


def watch_loop():
    """A turn lasts from the end of one wait for the sockets to the beginning of the next."""
    from asyncio import core

    wait = core.IOQueue.wait_io_event
    turn = kinds["turn"]
    woke = ticks()

    def waiting(self, ms):
        nonlocal woke
        global spent
        turn.add(max(0, diff(ticks(), woke) - spent), False, lambda: "between two waits")
        wait(self, ms)
        spent = 0
        woke = ticks()

    core.IOQueue.wait_io_event = waiting


def collection():
    begun = ticks()
    gc.collect()
    return diff(ticks(), begun)


def main():
    out = sys.argv.pop(1)
    sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH
    watch_agent()
    watch_loop()
    try:
        import main  # noqa: F401 (it runs the phone)
    except KeyboardInterrupt:
        report = {name: kind.report() for name, kind in kinds.items()}
        report["collection"] = [collection() for _ in range(COLLECTIONS)]
        with open(out, "w") as file:
            json.dump(report, file)


main()
