"""Where things stand, for the tests that read the source."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "firmware"
BOARDS = ROOT / "boards"


def shown(path):
    """A path as a person reads it."""
    return path.relative_to(ROOT).as_posix()


def modules(folder):
    """Python files below `folder` that are not empty."""
    return [path for path in sorted(folder.rglob("*.py")) if path.read_text(encoding="utf-8").strip()]


def project_python():
    """Each Python file of the project."""
    folders = (FIRMWARE, BOARDS, ROOT / "host_tools", ROOT / "tests")
    return [path for folder in folders for path in modules(folder)]
