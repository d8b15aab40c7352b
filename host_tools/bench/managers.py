"""Call managers: how long the death of one goes unnoticed until the phone is registered elsewhere, when it
returns, and what the watch costs. Beside what other desk phones do with the settings that they come with.

Real phones, the timers that they ship with, and two call managers, each a process (host_tools/manager.py):

    all registered at A, seconds apart | A is frozen | each registers at B | A is thawed | each returns, once

Returning is measured with a hold of ten seconds instead of two minutes: nobody waits for four. Datagrams are
those of one hour in virtual time (idle_hour.py); garbage is that of the real phone, with keep-alives less
without.
"""

import time
from contextlib import ExitStack

from host_tools.bench.idle import FIRST_PORT as IDLE_PORT, HEAP, hour
from host_tools.bench.port import DrivenPhone
from host_tools.bench.rows import judged, median, row
from host_tools.manager import StandIn
from host_tools.phone import PhoneProcess
from host_tools.problem import Problem
from host_tools.world import World

PHONES = 6
STAGGER_SECONDS = 4.5  # six of them lie all over the 30 s of options_ms
# What of the timers is not the default: all are registered at once, and return soon.
SCALED = {"spread_ms": 0, "hold_ms": 10000, "poll_ms": 10000, "idle_ms": 0, "return_ms": 5000}
# Of `--quick`: the same in a fifth of the time.
QUICK = {**SCALED, "options_ms": 4000, "give_up_ms": 1500}
QUICK_PHONES = 2
OPTIONS_MS, GIVE_UP_MS = 30000, 7500  # by default
LATE_MS = 1000  # a turn of the phone's, a look of ours, and a machine with two cores
LOOK_SECONDS = 0.05
START_SECONDS = 20.0
# Three polls of ten seconds at most, the hold, and the draw of the return.
RETURN_SECONDS = 30.0 + 10.0 + 5.0 + 5.0
# OPTIONS and REGISTER to A, polls of B, each with its answer's fellow; a quarter more is a mistake.
DATAGRAMS_MOST = 360
KEEP_ALIVE_MS = 500  # how often OPTIONS are sent while garbage is measured
GARBAGE_SECONDS, GARBAGE_QUICK_SECONDS = 20, 4
# What one keep-alive may allocate on 64 bits: request, answer, what is read of it. Half more than it takes;
# a board allocates half of it.
GARBAGE_MOST_KB = 48

# What is published of others: name, seconds in words, source.
OTHERS_NOTICE = (
    ("Cisco SIP phone", "at its next request", "supportforums.cisco.com ta-p/3123461"),
    ("Cisco SCCP, its manager hangs", "up to 90 s", "supportforums.cisco.com discussion/10373686"),
    ("Cisco SCCP, the cable is pulled", "30 to 35 s", "supportforums.cisco.com td-p/82125, seen in a lab"),
    ("Cisco 7960, 7961, keep-alive of 20 s", "75 s, 120 s", "docs.asterisk.org Skinny-Dev-Notes/Keepalives"),
    ("AudioCodes 400HD, a request is sent", "32 s", "easymanua.ls/audiocodes/420hd p100"),
    ("Cisco MPP and SPA, a request is sent", "16 s", "easymanua.ls cisco spa942 p208"),
    ("Linphone without keep-alives", "up to 3,600 s", "BelledonneCommunications/linphone-android#1344"),
    ("Mitel 6700 on MX-ONE, until registered", "up to 600 s", "manualshive.com aastra/6700i-series p60"),
)
OTHERS_RETURN = (
    ("Cisco, hold before it returns", "120 s", "community.cisco.com td-p/1685529"),
    ("Avaya, well for, then grace", "600 s + 300 s", "documentation.avaya.com When_Does_Failback_Occur"),
    ("Mitel ICP", "about 300 s", "manualshelf.com mitel 1000 troubleshooting page-165"),
    ("Yealink T2x, Poly UCS", "3,600 s, or at once",
     "yealink sip-t2-series page-317; polycom 2200-46350-025 page-47"),
)


def measure(quick=False) -> list:
    """The rows."""
    count = QUICK_PHONES if quick else PHONES
    with Fleet(count, QUICK if quick else SCALED) as fleet:
        rows = fleet.measure(STAGGER_SECONDS if not quick else 1.0)
    rows += _published(OTHERS_NOTICE) + _published(OTHERS_RETURN)
    datagrams = hour("managers")["datagrams"]
    found = row("hour, two call managers: datagrams", datagrams, runs=1)
    rows.append(judged(found, datagrams, DATAGRAMS_MOST, "≤ %d" % DATAGRAMS_MOST))
    return [*rows, _garbage(GARBAGE_QUICK_SECONDS if quick else GARBAGE_SECONDS)]


class Fleet:
    """Some phones and the two call managers that they know."""

    def __init__(self, count, timers):
        self._users = {"10%02d" % number: "secret%d" % number for number in range(1, count + 1)}
        self._timers = timers
        self._stack = ExitStack()

    def __enter__(self) -> "Fleet":
        self.a, self.b = (self._stack.enter_context(StandIn(users=self._users)) for _ in range(2))
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def measure(self, stagger) -> list:
        """One death and one return of each phone, as rows."""
        for user in self._users:
            self._stack.enter_context(PhoneProcess(self._configuration(user)))
            self._until(self.a, [user], START_SECONDS, "the first registration")
            time.sleep(stagger)
        worst = self._timers.get("options_ms", OPTIONS_MS) + 2 * self._timers.get("give_up_ms", GIVE_UP_MS)
        begun = time.monotonic()
        self.a.freeze()
        away = self._until(self.b, self._users, (worst + LATE_MS) / 1000 + 10, "a registration at B", begun)
        begun = time.monotonic()
        self.a.thaw()
        # What waited in A's socket is answered late and binds nobody: only a binding that is newer counts.
        home = self._until(self.a, self._users, RETURN_SECONDS, "the return to A", begun, self.b)
        found = row("A is frozen, until registered at B", median(away), "s", away,
                    note="%d phones; the worst was %.1f s" % (len(away), max(away)))
        back = row("A is well again, until all are back", median(home), "s", home,
                   note="with a hold of 10 s; by default it is 120 s, and then up to 60 s")
        hold = self._timers["hold_ms"] / 1000
        return [judged(found, 1000 * max(away), worst + LATE_MS, "≤ %.1f s, computed" % (worst / 1000)),
                {**back, "bound": "≥ %d s" % hold, "ok": min(home) >= hold}]

    def _configuration(self, user) -> dict:
        homes = [{"name": name, "manager": manager.uri} for name, manager in (("A", self.a), ("B", self.b))]
        return {"identity": {"name": "SEP00112233" + user, "label": user}, "homes": homes,
                "sip": {"user": user, "password": self._users[user], "port": 20000 + int(user),
                        "timers": self._timers}}

    def _until(self, manager, users, seconds, what, begun=None, left=None) -> list:
        """Wait until all are registered there, and no longer at `left`; the seconds that each took."""
        begun = time.monotonic() if begun is None else begun
        took = {}
        while len(took) < len(users):
            now = time.monotonic() - begun
            if now > seconds:
                raise Problem("Waited %g s for %s of %s in vain." % (
                    seconds, what, ", ".join(user for user in users if user not in took)))
            for user in users:
                if user not in took and manager.contacts(user) and not (left and left.contacts(user)):
                    took[user] = now
            time.sleep(LOOK_SECONDS)
        return list(took.values())


def _published(others) -> list:
    return [row(name, said, note=source) for name, said, source in others]


def _garbage(seconds) -> dict:
    """What one keep-alive leaves behind: a phone that sends two a second, less one that sends none."""
    with World(first_port=IDLE_PORT) as world, StandIn(users={"1001": "secret"}) as manager:
        raw = world.configuration()
        without = _allocated(raw, seconds)
        raw["homes"][0]["manager"] = manager.uri
        raw["sip"] = {"user": "1001", "password": "secret", "port": 21001,
                      "timers": {"options_ms": KEEP_ALIVE_MS, "spread_ms": 0}}
        among = _allocated(raw, seconds)
    each = KEEP_ALIVE_MS * 0.9 / 1000  # drawn at 80 to 100 %
    kilobytes = (among - without) * each / 1000
    found = row("garbage of one keep-alive", kilobytes, "KB", runs=1,
                note="64 bits; OPTIONS, its answer and all that is done between two")
    return judged(found, kilobytes, GARBAGE_MOST_KB, "≤ %d KB" % GARBAGE_MOST_KB)


def _allocated(raw, seconds) -> float:
    """Bytes a second of a phone that nobody touches."""
    with DrivenPhone("idle_main.py", raw, HEAP, str(seconds)) as phone:
        report = phone.result(4 * seconds + 10)
    return report["bytes"] / report["seconds"]
