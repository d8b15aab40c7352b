"""A hundred phones in one process and one real Kamailio, which dies: all of them find the other."""

import resource
import time

import pytest

from host_tools.kamailio import MISSING, Kamailio, found
from tests.interop.fleet import Fleet
from tests.interop.phones import SLACK_S, WORST_S, configuration

pytestmark = pytest.mark.skipif(not found(), reason=MISSING)

COUNT = 100
SPREAD_MS = 2000


def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def test_a_hundred_phones_register_and_rehome():
    timers = {"spread_ms": SPREAD_MS}
    with Kamailio("127.0.0.2") as a, Kamailio("127.0.0.3") as b:
        for manager in (a, b):
            manager.mode("ok", open=1)
        raws = []
        for number in range(COUNT):
            user = str(2000 + number)
            raws.append(configuration(a, b, user=user, password="pw" + user, timers=timers))
        begun, cpu = time.monotonic(), used()
        with Fleet(raws) as fleet:
            made = time.monotonic() - begun
            there = fleet.run(SPREAD_MS / 1000 + SLACK_S, lambda: a.count()[0] == COUNT)
            assert there, "%d of %d are registered" % (a.count()[0], COUNT)
            sent = sum(member.sent for member in fleet.members)
            fleet.run(2)
            idle = sum(member.sent for member in fleet.members) - sent
            a.kill()
            moved = fleet.run(WORST_S + SPREAD_MS / 1000 + SLACK_S, lambda: b.count()[0] == COUNT)
            assert moved, "%d of %d have moved" % (b.count()[0], COUNT)
            print(
                "%d phones: made in %.2f s, registered after %.2f s, re-homed %.2f s after the death; "
                "%.1f datagrams a second and phone at rest (OPTIONS each 0.5 s); %.1f s of processor in all"
                % (COUNT, made, there, moved, idle / 2 / COUNT, used() - cpu)
            )
            fleet.run(1)
            assert b.count() == (COUNT, COUNT)
