"""What `everline logs` does: the journal of a phone that runs, and what is added to it.

The phone keeps its last 64 lines and tells them to whoever connects (docs/panel.md). Following goes on when
the phone is started anew: its new life begins with a new count, and is announced.
"""

import json
import sys
import time
from datetime import datetime

from host_tools.panel import PanelError
from host_tools.problem import Problem

# A phone that crashed is back within a second, one that hung after eight.
BACK_SECONDS = 30.0
RETRY_SECONDS = 0.3
# A wait that ends is begun anew.
LISTEN_SECONDS = 3600.0


def logs(connect, follow: bool, as_json: bool, out) -> None:
    """Print the journal by out(line). connect(): a Panel, or Problem."""
    told = {}
    with connect() as link:
        _tell(link, told, as_json, out)
        if not follow:
            return
        _listen(link, told, as_json, out)
    while True:
        with _again(connect) as link:
            if is_another(link.notes, told):
                told.clear()
                print("everline: the phone was started anew.", file=sys.stderr, flush=True)
            _tell(link, told, as_json, out)
            _listen(link, told, as_json, out)


def line(note) -> str:
    """A line of the journal for a person: the time of day, or since the start where that is unknown."""
    if note["at"] is None:
        when = "%.3f s" % (note["t"] / 1000)
    else:
        when = datetime.fromtimestamp(note["at"]).isoformat(" ")
    return "%19s  %s" % (when, note["text"])


def is_another(notes, told) -> bool:
    """Whether these notes are of another life of the phone than those that were told, {n: note}."""
    found = {note["n"]: note for note in notes}
    if not found or not told:
        return False
    same = [n for n in found if n in told]
    return max(found) < max(told) or any(_life(found[n]) != _life(told[n]) for n in same)


def _life(note):
    return note["t"], note["text"]


def _tell(link, told, as_json, out) -> None:
    """Print what was not told yet."""
    for note in list(link.notes):
        if note["n"] not in told:
            told[note["n"]] = note
            out(json.dumps(note, ensure_ascii=False) if as_json else line(note))


def _listen(link, told, as_json, out) -> None:
    """Print what comes, until the link ends."""
    while not link.closed:
        try:
            link.wait_note("", LISTEN_SECONDS, max(told, default=0))
        except PanelError:
            pass  # nothing came for an hour, or the link has ended: the last lines may be there
        _tell(link, told, as_json, out)


def _again(connect):
    """Connect to a phone that went away; Problem where it does not come back."""
    deadline = time.monotonic() + BACK_SECONDS
    while True:
        try:
            return connect()
        except Problem:
            if time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
