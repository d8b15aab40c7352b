"""100,000 changed pages through the reader in one process, and 2,000 through what ships in a small heap.

Nothing is raised, nothing takes long, what comes out is fit for a screen, and the memory is there again.
"""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from host_tools import build
from tests.conftest import ROOT

COUNT = 100_000
SLOWEST_S = 1.0  # one page of at most 6 KB, of processor time: most take half a millisecond; this finds hangs
STEEP_S = 0.3  # one of 40 KB of a single piece, which is where a square would show
NESTED = 10_000
HEAP = "56wK"
SMALL_COUNT, SMALL_WARM = 2_000, 500
SMALL_MS = 100  # the longest piece of 256 bytes, with what it loads, on a busy machine
KEPT = 512  # bytes: a table that grew, a name that was interned
TIMEOUT_S = 300


@pytest.fixture
def fuzz(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "tests" / "unit"), *sys.path])
    import page_fuzz

    return page_fuzz


def test_a_hundred_thousand_changed_pages_are_read_somehow(fuzz):
    slowest = 0.0
    seen = {}
    for number, (data, kind) in enumerate(fuzz.mutations(COUNT, 7)):
        begun = time.thread_time()
        record = fuzz.check(data, kind)
        slowest = max(slowest, time.thread_time() - begun)
        seen[type(record).__name__] = seen.get(type(record).__name__, 0) + 1
        if number % 50 == 0:
            for size in (1, 3, 64, 1024):
                assert fuzz.read(data, kind, size)[:-1] == record[:-1], (size, kind, data)
    assert len(seen) == 11 and min(seen.values()) > COUNT // 100, seen
    assert seen["Unshown"] < COUNT // 2, seen
    assert slowest < SLOWEST_S


def test_every_page_cut_at_every_byte(fuzz):
    for data in fuzz.pages():
        for kind in ("text/xml", "text/html"):
            for end in range(len(data)):
                fuzz.check(data[:end], kind)
                fuzz.check(data[end:], kind)


def test_pages_of_one_piece_take_as_long_as_they_are(fuzz):
    slowest = 0.0
    for head, piece in fuzz.steep():
        data = (head + piece * (fuzz.STEEP_BYTES // len(piece)))[: fuzz.STEEP_BYTES]
        begun = time.thread_time()
        fuzz.check(data, "text/html" if head.startswith(b"<html") else None)
        slowest = max(slowest, time.thread_time() - begun)
    assert slowest < STEEP_S


def test_elements_in_elements(fuzz):
    for root in (b"CiscoIPPhoneMenu", b"CiscoIPPhoneInput", b"SnomIPPhoneBatch", b"html"):
        for name in (b"a", b"MenuItem", b"SnomIPPhoneBatch", b"SnomIPPhoneMenu"):
            opened = b"".join([b"<%s%d>" % (name, n) for n in range(NESTED)])
            for data in (opened, b"<%s>" % name * NESTED, opened + b"x" + b"</a>" * NESTED):
                fuzz.check(b"<" + root + b">" + data, "text/html")


def test_what_ships_reads_them_in_a_small_heap(fuzz, tmp_path):
    beside = os.path.dirname(sys.executable)
    program = os.environ.get("MICROPYTHON") or shutil.which("micropython", path=beside)
    with (tmp_path / "pages").open("wb") as file:
        for data, kind in fuzz.mutations(SMALL_WARM + SMALL_COUNT, 11):
            if data:
                file.write(bytes([fuzz.KINDS.index(kind)]) + len(data).to_bytes(4, "big") + data)
    shipped = build.build("unix")
    case = build.guest(ROOT / "tests" / "host" / "page_fuzz_case.py")
    done = subprocess.run(
        [program, "-X", "heapsize=" + HEAP, str(case), str(tmp_path / "pages"), str(SMALL_WARM)],
        env=dict(os.environ, MICROPYPATH="%s:.frozen" % shipped),
        capture_output=True, text=True, timeout=TIMEOUT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    shown, kept, longest = json.loads(done.stdout)
    assert shown > SMALL_COUNT // 2 and kept <= KEPT and longest < SMALL_MS, done.stdout
