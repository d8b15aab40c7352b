"""The page reader, measured: a menu of 100 items (13.7 KB) in the pieces that the phone reads.

    python -m host_tools.bench.reader [--quick]

All times come from one run of host_tools/bench/reader_case.py on the unix port, the reader and its peers turn
by turn, so that a noisy moment of the machine hits all of them; what is compared are medians. The peers:
PyPI's micropython-xmltok2, which is given the same job, and one bytes.find over the document, which nothing
that looks at each byte can undercut.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from host_tools import build
from host_tools.problem import Problem

CASE = Path(__file__).with_name("reader_case.py")
PEERS = build.ROOT / "build" / "peers"
# It is older than wheels, and its archive has neither setup.py nor pyproject.toml: pip fetches and unpacks
# it, refuses to install it, and leaves it there if asked to.
PEER = "micropython-xmltok2==0.1"
PEER_SHA256 = "c349ad7da10098ab2415996e673e8e5cdf35f6f785f539feb5013771c9085714"
ROUNDS, ROUNDS_QUICK = 200, 25
HEAP = "16M"  # the garbage of a round of all of them, uncollected
HEAP_STEP = 256  # bytes: the smallest heap is known to this
TIMEOUT_S = 300

# The bounds of the project.
TIMES_XMLTOK2 = 10
TIMES_FIND = 50
CHURN = 180 * 1024
STEP_MS = 0.25  # 25 ms on an ESP32 (projected)


def measure(quick: bool = False) -> list[dict]:
    """Rows: name, value, unit, ratio, bound, ok, spread (quartiles), runs."""
    path = "%s:.frozen:%s" % (build.build("unix"), peer())
    build.guest(CASE)  # for what ships, names and all
    seen = json.loads(_run(path, HEAP, "time", str(ROUNDS_QUICK if quick else ROUNDS)))
    reader, other, find = ([us / 1000 for us in seen[name]] for name in ("reader", "xmltok2", "find"))
    middle = statistics.median(reader)
    ahead, behind = statistics.median(other) / middle, middle / statistics.median(find)
    step = sorted(us / 1000 for us in seen["step"])
    late = step[len(step) * 99 // 100]
    rows = [
        _row("menu of 100 items, shipped reader", middle, "ms", spread=_quartiles(reader), runs=len(reader)),
        _row("the same by micropython-xmltok2", statistics.median(other), "ms", ahead, TIMES_XMLTOK2,
             ahead >= TIMES_XMLTOK2, _quartiles(other), len(other)),
        _row("one bytes.find over it", statistics.median(find), "ms", behind, TIMES_FIND,
             behind <= TIMES_FIND, _quartiles(find), len(find)),
        _row("memory allocated in all", seen["churn"], "bytes", None, CHURN, seen["churn"] <= CHURN),
        _row("the same by micropython-xmltok2", seen["xmltok2 churn"], "bytes"),
        _row("parse step of 256 bytes, p50", statistics.median(step), "ms", spread=_quartiles(step),
             runs=len(step)),
        _row("parse step of 256 bytes, p99", late, "ms", None, STEP_MS, late <= STEP_MS, runs=len(step)),
        _row("parse step of 256 bytes, worst", step[-1], "ms", runs=len(step)),
    ]  # fmt: skip
    return rows + _heaps(path)


def peer() -> Path:
    """The folder with xmltok2.py, fetched by pip once."""
    target = PEERS / "xmltok2.py"
    if not target.is_file() or hashlib.sha256(target.read_bytes()).hexdigest() != PEER_SHA256:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--no-clean", "--no-deps", "-d", folder, PEER]
            env = dict(os.environ, TMPDIR=folder)
            done = subprocess.run(command, env=env, capture_output=True, text=True)
            found = [path.read_bytes() for path in Path(folder).rglob("xmltok2.py")]
        if not found or hashlib.sha256(found[0]).hexdigest() != PEER_SHA256:
            said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
            raise Problem(f"{PEER}, which the reader is measured against, could not be fetched: {said}")
        PEERS.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found[0])
    return PEERS


def _heaps(path: str) -> list[dict]:
    """The smallest heap that does it, the code in RAM included; beside it what the bare interpreter takes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "menu.xml"
        document.write_bytes(_run(path, HEAP, "menu"))
        names = {"ours": "smallest heap, shipped reader", "theirs": "smallest heap, micropython-xmltok2",
                 "none": "smallest heap, reading nothing"}  # fmt: skip
        for who, name in names.items():
            few, enough = 0, 1 << 20
            while enough - few > HEAP_STEP:
                middle = (few + enough) // 2
                try:
                    _run(path, str(middle), "heap", who, str(document))
                    enough = middle
                except Problem:
                    few = middle
            rows.append(_row(name, enough, "bytes"))
    return rows


def _run(path: str, heap: str, *arguments: str) -> bytes:
    """What the case prints; a Problem where it fails."""
    program = os.environ.get("MICROPYTHON") or str(Path(sys.executable).with_name("micropython"))
    try:
        done = subprocess.run(
            [program, "-X", "heapsize=" + heap, str(build.GUESTS / CASE.name), *arguments],
            env=dict(os.environ, MICROPYPATH=path), capture_output=True, timeout=TIMEOUT_S,
        )  # fmt: skip
    except OSError as problem:
        raise Problem(f"MicroPython cannot be started ({program}): {problem.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise Problem(f"The measurement of the reader was not done after {TIMEOUT_S} s.") from None
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines() or ["nothing"]
        raise Problem(f"The measurement of the reader failed: {said[-1]}")
    return done.stdout


def _row(name, value, unit, ratio=None, bound=None, ok=None, spread=None, runs=1) -> dict:
    return {"name": name, "value": value, "unit": unit, "ratio": ratio, "bound": bound, "ok": ok,
            "spread": spread, "runs": runs}  # fmt: skip


def _quartiles(values: list[float]) -> list[float]:
    low, _, high = statistics.quantiles(values, n=4)
    return [low, high]


def main(arguments: list[str]) -> int:
    try:
        rows = measure(quick="--quick" in arguments)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    for row in rows:
        number = f"{row['value']:,}" if row["unit"] == "bytes" else f"{row['value']:.3f}"
        line = f"{row['name']:<36} {number:>9} {row['unit']:<5}"
        if row["spread"]:
            line += " [{:.3f} .. {:.3f}]".format(*row["spread"])
        if row["ratio"]:
            line += f"  ratio {row['ratio']:.1f}"
        if row["bound"]:
            line += f"  bound {row['bound']:,}  {'ok' if row['ok'] else 'MISSED'}"
        print(line + (f"  ({row['runs']:,} runs)" if row["runs"] > 1 else ""))
    return 0 if all(row["ok"] is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
