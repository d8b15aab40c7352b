"""100,000 changed messages through the reader of SIP and all that asks something of one, in one process."""

import itertools
import sys
import time

from tests.conftest import ROOT

COUNT = 100_000
SLOWEST_S = 0.03  # one message, of processor time; most take a hundredth


def test_a_hundred_thousand_changed_messages_cost_nothing_but_a_count(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "tests" / "unit"), *sys.path])
    import sip_fuzz

    good = 0
    slowest = 0.0
    for data in itertools.chain(sip_fuzz.steep(), sip_fuzz.mutations(COUNT, 7)):
        begun = time.thread_time()
        good += sip_fuzz.check(data)
        slowest = max(slowest, time.thread_time() - begun)
    assert COUNT // 10 < good < COUNT * 9 // 10, "most are refused, and many get through to all checks"
    assert slowest < SLOWEST_S
