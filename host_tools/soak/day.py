"""Hours of random outages in virtual time: the firmware's brain in the world of tests/story, and a person.

    python day.py SEED HOURS

One seed is one day, to the last piece. A process of its own, because the brain is made for another
interpreter and needs paths that no other part of the host side has. The last line on stdout is JSON, what
Day.run() returns; a broken promise ends the run with an exception, and the seed is said.
"""

import contextlib
import io
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STALE = "\u25f7"  # stands before the title of a page that no server gave just now
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
# A key press ends in a page, a stale page or a sentence within so long (the phone's promise).
PROMISE_MS = 10_000
# A server that has been well for so long is known to be: rests double up to five minutes, then two looks.
KNOWN_MS = 330_000
# Mean gaps between what happens.
KEY_MS, FAULT_MS, CABLE_MS, RESET_MS = 45_000, 4 * MINUTE_MS, 90 * MINUTE_MS, 150 * MINUTE_MS
# What a person presses: a hard key, then something on the page.
HARD = ("services", "directory", "services", "directory", "settings", "messages")
SOFT = ("1", "2", "3", "down", "select", "back", "soft1", "soft3", "right", "4")
# (behaviour, weight): what a server does until the next fault.
FAULTS = (
    (lambda site, random: site.well(), 8),
    (lambda site, random: site.refuse(), 2),
    (lambda site, random: site.silent(), 2),
    (lambda site, random: site.freeze(), 1),
    (lambda site, random: site.blackhole(), 2),
    (lambda site, random: site.unreachable(), 1),
    (lambda site, random: site.late(random.randint(50, 4000)), 2),
    (lambda site, random: site.slow(random.randint(1, 400)), 1),
    (lambda site, random: site.status(random.choice((500, 502, 404))), 1),
    (lambda site, random: site.status(503, {"Retry-After": str(random.randint(0, 300))}), 1),
    (lambda site, random: site.cut(random.randint(-1, 200), random.choice(("end", "reset"))), 1),
    (lambda site, random: site.garbage(), 1),
    (lambda site, random: site.redirect("/people.xml"), 1),
)


class Day:
    def __init__(self, seed: int):
        from tests.story.world import World

        self.world = world = World(seed=seed)
        self.random = world.random
        self.sites = [world.site(name) for name in "ABC"]
        homes = []
        for site in self.sites:
            host = site.host
            if site.name != "C":  # one server is known by its address
                host = site.name.lower() + ".ward.example"
                world.names.table[host] = [site.host]
            homes.append({"name": site.name, "pointers": {
                "services": site.url().replace(site.host, host),
                "directory": site.url("/people.xml").replace(site.host, host)}})
        self.well_since = dict.fromkeys(self.sites, 0)
        self.linked_since = 0
        self.phone = world.phone(
            config={"identity": {"name": "SEP%012X" % seed, "label": "Ward 3"}, "homes": homes})
        self.count = dict.fromkeys(("keys", "faults", "resets", "cables", "pages", "stale", "sentences"), 0)
        self.slowest = 0

    def run(self, hours: float) -> dict:
        """Let the day pass; the report."""
        end = self.world.now + int(hours * HOUR_MS)
        due = {self.press: 0, self.fault: 0, self.cable: CABLE_MS, self.reset: RESET_MS}
        gaps = {self.press: KEY_MS, self.fault: FAULT_MS, self.cable: CABLE_MS, self.reset: RESET_MS}
        while self.world.now < end:
            what = min(due, key=due.get)
            self.world.run(max(0, due[what] - self.world.now))
            what()
            due[what] = self.world.now + int(self.random.expovariate(1 / gaps[what])) + 1
            del self.world.log[:-200], self.phone.asked[:-200], self.phone.notes[:-200]
            for site in self.sites:
                del site.requests[:-50], site.connects[:-50]
        return {**self.count, "hours": hours, "slowest_ms": self.slowest}

    def press(self):
        """A key, and the promise: it ends in time; with a server that is known to be well, in a page."""
        key = self.random.choice(HARD if self.random.random() < 0.5 else SOFT)
        began = self.world.now
        healthy = self.healthy()
        self.phone.press(key)
        if self.phone.screen.title == "Drill":  # nobody waits for a page: any key ends it
            return
        took = self.phone.wait_for(lambda: not self.phone.screen.busy, within=PROMISE_MS)
        self.slowest = max(self.slowest, took)
        self.count["keys"] += 1
        if key not in ("services", "directory"):
            return
        page = self.phone.screen.kind == "menu"
        stale = page and self.phone.screen.title.startswith(STALE)
        self.count["stale" if stale else "pages" if page else "sentences"] += 1
        refused = "(404)" in self.phone.text()  # a live server's word is shown as it is
        if healthy and (stale or not page) and not refused:
            raise AssertionError("%d ms: %s gave no fresh page, with %s well\n%s" % (
                began, key, " and ".join(site.name for site in healthy), self.phone.picture()))

    def healthy(self) -> list:
        """Servers that the phone must know to be well."""
        now, names = self.world.now, self.world.names.mode == "well"
        return [site for site, well in self.well_since.items()
                if well is not None and names and now - max(well, self.linked_since) > KNOWN_MS]

    def fault(self):
        self.count["faults"] += 1
        if self.random.random() < 0.15:
            self.world.names.mode = self.random.choice(("well", "well", "silent", "nxdomain", "garbage"))
            return
        site = self.random.choice(self.sites)
        behaviours, weights = zip(*FAULTS, strict=True)
        chosen = self.random.choices(behaviours, weights)[0]
        site.thaw()
        chosen(site, self.random)
        if chosen is not behaviours[0]:
            self.well_since[site] = None
        elif self.well_since[site] is None:
            self.well_since[site] = self.world.now

    def cable(self):
        self.count["cables"] += 1
        self.phone.network(False)
        self.world.run(self.random.randint(100, 3 * MINUTE_MS))
        self.phone.network(True)
        self.linked_since = self.world.now

    def reset(self):
        self.count["resets"] += 1
        self.phone.restart(self.random.choice(("power", "reset", "watchdog")))
        self.linked_since = self.world.now


def main(seed: int, hours: float) -> None:
    began = time.monotonic()
    account = io.StringIO()
    try:
        with contextlib.redirect_stdout(account):
            day = Day(seed)
            report = day.run(hours)
    except BaseException:
        print("\n".join(account.getvalue().splitlines()[-60:]), file=sys.stderr)
        print("seed %d" % seed, file=sys.stderr)
        raise
    print(json.dumps({**report, "seed": seed, "seconds": round(time.monotonic() - began, 1)}))


if __name__ == "__main__":
    sys.path[0:1] = [str(ROOT), str(ROOT / "firmware"), str(ROOT / "tests" / "unit" / "_cpython")]
    main(int(sys.argv[1]), float(sys.argv[2]))
