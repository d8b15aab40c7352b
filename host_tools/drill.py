"""What `everline drill` does: start the drill of a phone that runs, and tell what came out of it.

The phone plays it and writes each result into its journal (docs/failover.md); this reads them from there.
"""

import json
import re

from host_tools.problem import Problem

# A loss is over when the phone's patience is (9.5 s), and then the next one begins.
STEP_SECONDS = 15.0
_MARK = "Drill: "
_BEGUN = "each server in turn is pretended lost."
_OVER = "All is as before."
# What ends it otherwise.
_BROKEN = ("The drill was stopped.", "The phone has no network.", "No server is configured.",
           "Safe mode: no server is asked.")
_RESULT = re.compile(r"Without (?P<lost>.+): (?P<by>.+) after (?P<ms>\d+) ms\.")
_NOBODY = "no page"


def drill(link, as_json: bool, out) -> bool:
    """Print each result by out(line) as it comes; whether for each server somebody took over."""
    last = max((note["n"] for note in link.notes), default=0)
    link.open("drill")
    begun, covered = False, True
    while True:
        note = link.wait_note(_MARK, STEP_SECONDS, last)
        last, text = note["n"], note["text"].partition(_MARK)[2]
        if text == _BEGUN:
            begun = True
        elif begun and text in _BROKEN:
            raise Problem("The drill did not come to its end: " + text)
        elif begun and text == _OVER:
            return covered
        elif begun:
            found = result(text)
            covered = covered and found.get("by", "") is not None
            out(json.dumps(found, ensure_ascii=False) if as_json else text)


def result(text) -> dict:
    """{"lost": "A", "by": "B" or None, "ms": 263}, or {"said": ...}: what one of the others did."""
    found = _RESULT.fullmatch(text)
    if not found:
        return {"said": text}
    by = None if found["by"] == _NOBODY else found["by"]
    return {"lost": found["lost"], "by": by, "ms": int(found["ms"])}
