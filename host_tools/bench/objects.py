"""The largest legal page of each kind: read, laid out, drawn; and a long menu scrolled through.

One process of the unix port runs what ships (objects_case.py), at 320x240, in rounds that all do the same.
The time of a page is that of all its slices together, in a phone that has seen such a page before; a slice is
the median of the same slice in all rounds, since what else the machine does only ever adds. The smallest heap
holds reader, views, the tables of the fonts, the canvas of 19 KB and the page, and no more: a phone needs
its connections beside it. A picture of 298x144 is 21 KB as Data; an ImageFile names it as a PNG in colour.
Objects are twice as large here as on a board, and so is garbage.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from host_tools import build
from host_tools.bench.rows import judged, median, percentile, row
from host_tools.phone import interpreter
from host_tools.problem import Problem

CASE = Path(__file__).with_name("objects_case.py")
HEAP = "16M"  # garbage of a round, uncollected
ROUNDS, ROUNDS_QUICK = 60, 6
KEYS, KEYS_QUICK = 396, 99  # twice down and up a hundred items
HEAP_STEP = 1024  # bytes: the smallest heap is known to this
TIMEOUT_S = 300
PNG, PANE = "plan.png", (298, 144)
# The bounds of the project.
SLICE_MS = 0.25
KEY_BYTES = 2048


def measure(quick=False) -> list:
    """The rows."""
    folder = build.build("unix")
    build.guest(CASE)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        _png(Path(scratch))
        for line in _run(folder, scratch, HEAP, "time", str(ROUNDS_QUICK if quick else ROUNDS)).splitlines():
            for kind, seen in json.loads(line).items():
                rows += _page(kind, seen)
                rows.append(row("%s: smallest heap" % kind, _heap(folder, scratch, kind, quick), "bytes"))
        keys = str(KEYS_QUICK if quick else KEYS)
        return rows + _scroll(json.loads(_run(folder, scratch, HEAP, "scroll", keys)))


def _png(scratch) -> None:
    """A picture in colour, with soft edges and no two rows alike."""
    colours = Image.linear_gradient("L").resize(PANE), Image.radial_gradient("L").resize(PANE)
    Image.merge("RGB", (*colours, colours[0].rotate(180))).save(scratch / PNG, "PNG")


def _page(kind, seen) -> list:
    whole = [us / 1000 for us in seen["us"]]
    rounds = [[us / 1000 for us in slices] for slices in seen["slices"]]
    most = max(map(len, rounds))
    slices = [median(same) for same in zip(*(each for each in rounds if len(each) == most), strict=True)]
    late = percentile(slices, 0.99)
    note = "%s bytes; longest %.3g ms" % (format(seen["bytes"], ","), max(slices))
    return [row("%s: parse, lay out, draw" % kind, sum(slices), "ms", whole),
            judged(row("%s: slice, p99" % kind, late, "ms", slices, note=note), late, SLICE_MS, SLICE_MS)]


def _scroll(seen) -> list:
    frames = [us / 1000 for us in seen["us"]]
    most = percentile(seen["key"], 0.99)
    key = row("100 items: garbage of a key, p99", most, "bytes", seen["key"],
              note="with its frame %s bytes" % format(int(median(seen["frame"])), ","))
    return [row("100 items: key to frame", median(frames), "ms", frames,
                note="%.0f frames a second" % (1000 / median(frames))),
            judged(key, most, KEY_BYTES, KEY_BYTES)]


def _heap(folder, scratch, kind, quick) -> int:
    page = Path(scratch) / "page.xml"
    page.write_bytes(_run(folder, scratch, HEAP, "page", kind))
    few, enough = 0, 1 << 20
    while enough - few > (HEAP_STEP * 16 if quick else HEAP_STEP):
        middle = (few + enough) // 2
        try:
            _run(folder, scratch, str(middle), "heap", kind, str(page))
            enough = middle
        except Problem:
            few = middle
    return enough


def _run(folder, scratch, heap, *arguments) -> bytes:
    """What the case prints; a Problem where it fails."""
    command = [interpreter(), "-X", "heapsize=" + heap, str(build.GUESTS / CASE.name), str(folder)]
    command += [str(Path(scratch) / PNG), *arguments]
    try:
        done = subprocess.run(command, env=dict(os.environ, MICROPYPATH="%s:.frozen" % folder),
                              capture_output=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Problem("The measurement of the pages does not come to an end: %s." % problem) from None
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines() or ["nothing"]
        raise Problem("The measurement of the pages failed: %s" % said[-1])
    return done.stdout
