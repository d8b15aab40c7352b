"""`everline bench`: section after section, each shown as soon as it is there.

A section that does not work is a row that says why, and the others go on: four minutes are not thrown away
for one figure.
"""

import gc
import sys
from importlib import import_module

from host_tools.bench import table
from host_tools.bench.rows import unmeasured
from host_tools.problem import Problem

# Name (for --only): title. The modules have measure(quick) -> rows.
SECTIONS = {
    "pages": "Time to page: from the key services to the finished frame with the menu",
    "keys": "Key to finished frame: an arrow key while something else goes on",
    "slices": "Slices: how long nothing else can run",
    "reader": "Reading a menu of a hundred items",
    "objects": "The largest page of each kind: read, laid out, drawn",
    "managers": "Call managers: a death, a registration elsewhere, a return; and what others do",
    "idle": "Idle: an hour in virtual time; garbage on the unix port",
}


def bench(as_json=False, quick=False, only=()) -> int:
    """Measure and print; the exit code: 1 where a bound does not hold."""
    for name in only:
        if name not in SECTIONS:
            raise Problem("There is no section %r. There are: %s." % (name, ", ".join(SECTIONS)), 2)
    console = table.console(as_json)
    rows = []
    for name, title in SECTIONS.items():
        if not only or name in only:
            if sys.stderr.isatty():  # a bar would move while it is measured, and cost what is measured
                print("Measuring: %s ..." % name, file=sys.stderr)
            found = section(name, quick)
            rows += found
            table.show(console, title, found)
    words = "%s %s" % (table.verdict(rows), table.about())
    if quick:
        words = "Quick: a few runs show that it works, not how fast it is. " + words
    if as_json:
        print(table.line(rows, words), flush=True)
    console.print(words, soft_wrap=True, highlight=False)
    return 0 if table.holds(rows) else 1


def section(name, quick) -> list:
    """The rows of one section, each with the name of the section; of a broken one a row that says so."""
    gc.collect()
    gc.disable()  # a collection of ours in the middle of a run would be counted as the phone's
    try:
        rows = import_module("host_tools.bench." + name).measure(quick)
    except ModuleNotFoundError as error:
        if error.name != "host_tools.bench." + name:
            raise
        rows = [unmeasured(name, "host_tools/bench/%s.py is not there." % name)]
    except Problem as problem:
        rows = [unmeasured(name, str(problem))]
    finally:
        gc.enable()
    return [{"section": name, "note": "", **row} for row in rows]
