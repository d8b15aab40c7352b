"""What all tests share. Unit tests have their own conftest: they run in processes of two interpreters."""

import os
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).parents[1]
# Names under which distributions install it.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


# Folders whose tests wait and measure run one after the other, beside others that compute. Servers that are
# stopped and come back want their port again, so those two are one.
WAITING = {"host": "host", "interop": "processes", "system": "processes"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Where tests run two at once (`make test`), what belongs together stays so: a file, or a folder."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        item.add_marker(pytest.mark.xdist_group(WAITING.get(folder, item.path.name)))


@pytest.fixture(scope="session")
def chromium():
    """Path of a Chromium for playwright's `executable_path`; CHROMIUM=path chooses one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("there is no Chromium here: sudo apt install chromium")
    return found
