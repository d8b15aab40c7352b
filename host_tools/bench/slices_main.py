"""Runs under MicroPython in the place of main.py: the same phone, with a stop-watch around each slice.

(As build.guest() writes it: what ships has short names.)

    micropython slices_main.py OUT COLLECTOR [the arguments of main.py]

It ends, and writes OUT, when there is a file OUT.stop.

A slice is a piece of work during which nothing else can run: Agent.feed, Agent.paint, Agent.work, Agent.idle,
and a turn of the loop, which is all from one wait for the sockets to the next. OUT is JSON:

    {"feed": {"steps": [[step, count], ...], "worst": [[us, what], ...]}, ..., "collection": [us, ...]}

steps counts the slices by their length in steps of STEP_US. COLLECTOR is `on` for the phone as it is, or
`apart`: then garbage is collected between slices, outside all time, so that one sees what the slices are
without it.
"""

import array
import gc
import json
import os
import sys
import time

from phone import events

STEP_US = 5
STEPS = 2000  # 10 ms; the last one holds what is longer
WORST = 12  # slices that are named, of each kind
LABEL_US = 150  # shorter slices are counted but not named: a name is garbage
COLLECTIONS = 20
LOOK_US = 100000  # between two looks whether it is over
OUT = sys.argv.pop(1)
APART = sys.argv.pop(1) == "apart"

IDLE = 20  # polls in which nothing happened, some 300 bytes each
GARBAGE = 4096  # bytes; apart, that much is collected between two slices

ticks, diff = time.ticks_us, time.ticks_diff
spent = 0  # us of this turn that were the bench's
kept = 0  # bytes in use after the last collection
under_way = False  # a key was pressed: the start of the phone is one long turn, and over
idle = 0  # polls since the last collection
ran = ""  # what the brain did in this turn


class Over(Exception):
    """OUT is wanted. Not SIGINT: the port throws from its handler, even in the middle of a collection."""


class Kind:
    """All slices of one kind."""

    def __init__(self, name):
        self.name = name
        self.steps = array.array("H", bytes(2 * STEPS))
        self.worst = []

    def add(self, us, label):
        steps = self.steps
        at = min(us // STEP_US, STEPS - 1)
        steps[at] = min(steps[at] + 1, 65535)
        worst = self.worst
        if us >= LABEL_US and (len(worst) < WORST or us > worst[-1][0]):
            worst.append((us, label()))
            worst.sort(key=lambda slice: -slice[0])
            del worst[WORST:]

    def report(self):
        steps = [[at, self.steps[at]] for at in range(STEPS) if self.steps[at]]
        return {"steps": steps, "worst": self.worst}


names = {
    events.Opened: "Opened", events.Received: "Received", events.Closed: "Closed", events.Tick: "Tick",
    events.Datagram: "Datagram", events.Saved: "Saved", events.Loaded: "Loaded", events.Key: "Key",
    events.Link: "Link", events.Wall: "Wall", events.Low: "Low", events.Open: "Open", events.Write: "Write",
    events.Close: "Close", events.SendTo: "SendTo", events.Save: "Save", events.Load: "Load",
    events.Light: "Light", events.Lamp: "Lamp", events.Tone: "Tone", events.Note: "Note",
    events.Asked: "Asked", events.Restart: "Restart",
}  # fmt: skip
kinds = {name: Kind(name) for name in ("feed", "parse", "paint", "work", "idle", "turn")}


def tidy():
    """Collect where it is time to, outside all time."""
    global kept, spent
    begun = ticks()
    gc.disable()  # main.py's import has set the threshold meanwhile
    if gc.mem_alloc() - kept > GARBAGE:
        gc.collect()
        kept = gc.mem_alloc()
    spent += diff(ticks(), begun)


def rest():
    """The phone has nothing to do. It would sleep and make no garbage: that of polling is the bench's."""
    global idle, spent
    idle += 1
    if idle >= IDLE:
        idle = 0
        begun = ticks()
        gc.collect()
        spent += diff(ticks(), begun)


def watched(function, kind_of, label_of):
    """`function` with a stop-watch; kind_of and label_of get its arguments, label_of its result, too."""

    def watch(*arguments):
        global ran
        begun = ticks()
        result = function(*arguments)
        us = diff(ticks(), begun)
        kind = kind_of(arguments)
        if result is not False:  # of work: nothing was to be done
            kind.add(us, lambda: label_of(arguments, result))
        ran = kind.name
        if APART:
            tidy()
        return result

    return watch


def kind_of_feed(arguments):
    global under_way
    name = name_of(arguments[1])
    under_way = under_way or name == "Key"
    return kinds["parse" if name == "Received" else "feed"]


def label_of_feed(arguments, effects):
    event = arguments[1]
    label = name_of(event)
    if label == "Key":
        label = "%s %s %s" % (label, event.key, "down" if event.down else "up")
    elif label == "Received":
        label = "%s %d bytes" % (label, len(event.view))
    names = [name_of(effect) for effect in effects]
    return "%s -> %s" % (label, " ".join(names) or "nothing")


def name_of(thing):
    """What an event or effect is called in the sources: in what ships its type has another name."""
    return names.get(type(thing), "another")


def label_of_paint(arguments, band):
    if not band:
        return "reading letters" if band == () else "looking for a stale band"
    screen = arguments[0].screen()
    return '%s "%s", rows %d to %d' % (screen.kind, screen.title, band[0], band[0] + band[1] - 1)


def watch_agent():
    from phone.agent import Agent

    Agent.feed = watched(Agent.feed, kind_of_feed, label_of_feed)
    Agent.paint = watched(Agent.paint, lambda a: kinds["paint"], label_of_paint)
    Agent.work = watched(Agent.work, lambda a: kinds["work"], lambda a, more: a[0].screen().title)
    Agent.idle = watched(Agent.idle, lambda a: kinds["idle"], lambda a, more: a[0].screen().title)


def stopped():
    try:
        os.stat(OUT + ".stop")
        return True
    except OSError:
        return False


def watch_loop():
    """A turn lasts from the end of one wait for the sockets to the beginning of the next.

    The wait polls instead of sleeping: a PC that wakes from sleep is slow for a millisecond, a board is not.
    """
    from asyncio import core

    wait = core.IOQueue.wait_io_event
    turn = kinds["turn"]
    woke = looked = ticks()

    def waiting(self, ms):
        nonlocal woke, looked
        global spent, ran
        if under_way:
            turn.add(max(0, diff(ticks(), woke) - spent), lambda: ran or "nothing of the brain's: the hands")
        if diff(ticks(), looked) > LOOK_US:
            looked = ticks()
            if stopped():
                raise Over
        if APART:
            tidy()
        elif ms > 0:
            rest()
        wait(self, 0 if ms > 0 else ms)
        spent, ran = 0, ""
        woke = ticks()

    core.IOQueue.wait_io_event = waiting


def collection():
    begun = ticks()
    gc.collect()
    return diff(ticks(), begun)


def main():
    sys.path.pop(0)  # the folder of this file; the firmware's is MICROPYPATH
    watch_agent()
    watch_loop()
    try:
        import main  # noqa: F401 (it runs the phone)
    except Over:
        report = {name: kind.report() for name, kind in kinds.items()}
        report["threshold"] = gc.threshold()
        report["collection"] = [collection() for _ in range(COLLECTIONS)]
        with open(OUT, "w") as file:
            json.dump(report, file)


main()
