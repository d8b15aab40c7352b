"""The rows as a table for a person, and as JSON for a script."""

import json
import os
import platform
import subprocess
import sys
import time

from rich.console import Console
from rich.table import Table
from rich.text import Text

from host_tools.bench.rows import digits
from host_tools.phone import ROOT, interpreter

TITLE_STYLE, WORDS = "bold", {True: ("holds", "green"), False: ("FAILS", "bold red"), None: ("", "")}
GIT_SECONDS = 10
WIDTH = 110


def table(title, rows) -> Table:
    """One section, without its notes."""
    made = Table(title=title, title_justify="left", title_style=TITLE_STYLE, box=None, pad_edge=False)
    made.add_column("", no_wrap=True)
    for heading in ("", "spread", "runs", "ratio", "bound", ""):
        made.add_column(heading, justify="left" if heading == "bound" else "right")
    for row in rows:
        word, style = WORDS[row["ok"]]
        value = "%s %s" % (digits(row["value"]), row["unit"]) if row["value"] is not None else "not measured"
        ratio = "%.2f" % row["ratio"] if isinstance(row["ratio"], (int, float)) else ""
        cells = (row["name"], value.strip(), _spread(row["spread"]), digits(row["runs"] or None), ratio,
                 _bound(row))
        made.add_row(*(Text(cell) for cell in cells), Text(word, style))
    return made


def _spread(found) -> str:
    return "%s - %s" % (digits(found[0]), digits(found[1])) if found else ""


def _bound(row) -> str:
    """A bound that is a bare figure is a least or a most: which of them, its verdict tells."""
    bound, figure = row["bound"], row["value"] if row["ratio"] is None else row["ratio"]
    if not isinstance(bound, (int, float)) or figure is None:
        return digits(bound)
    return ("≤ " if (figure <= bound) == row["ok"] else "≥ ") + digits(bound)


def console(quiet=False) -> Console:
    """Where the tables go; a file or a pipe has no width of its own, and gets all of them."""
    return Console(quiet=quiet, width=None if sys.stdout.isatty() else WIDTH)


def show(console: Console, title, rows) -> None:
    """Print one section as soon as it is measured."""
    console.print(table(title, rows))
    for row in rows:
        if row["note"]:
            console.print(Text("  %s: %s" % (row["name"], row["note"]), "dim"), soft_wrap=True)
    console.print()


def line(rows, words) -> str:
    """All of it as one line of JSON."""
    return json.dumps({"rows": rows, "about": words, "ok": holds(rows)}, ensure_ascii=False)


def holds(rows) -> bool:
    """Whether no bound is broken; what should have been measured and was not breaks its own."""
    return all(row["ok"] is not False for row in rows)


def verdict(rows) -> str:
    """The last sentence but one."""
    bounds = [row for row in rows if row["ok"] is not None]
    broken = [row["name"] for row in bounds if not row["ok"]]
    if broken:
        return "%d of %d bounds do not hold: %s." % (len(broken), len(bounds), "; ".join(broken))
    return "All %d bounds hold." % len(bounds)


def about() -> str:
    """A sentence about the machine and the commit."""
    machine = "%s, %d cores, %s" % (_processor(), os.cpu_count() or 0, platform.system())
    return "Measured on %s, load %.1f at the end; %s; MicroPython %s, Python %s." \
        % (machine, os.getloadavg()[0], _commit(), _port(), platform.python_version())


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
        return names[0] if names else "an unnamed processor"
    except OSError:
        return "an unnamed processor"


def _commit() -> str:
    day = time.strftime("%Y-%m-%d")
    commit = _said(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])
    if not commit:
        return "no commit is known, " + day
    changed = _said(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"])
    return "commit %s%s, %s" % (commit, " with changes" if changed else "", day)


def _port() -> str:
    program = "import sys; print('%d.%d.%d' % sys.implementation.version[:3])"
    return _said([interpreter(), "-c", program]) or "of an unknown version"


def _said(command) -> str:
    """What a command prints, or "" where it does not work."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
