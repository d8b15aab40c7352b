"""What all tests share. Unit tests have their own conftest: they run in processes of two interpreters."""

import os
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).parents[1]
# Names under which distributions install it.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """Path of a Chromium for playwright's `executable_path`; CHROMIUM=path chooses one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("there is no Chromium here: sudo apt install chromium")
    return found
