"""Each claim of docs/claims.md has code and a test, and both are there."""

import re

import pytest

from tests.house.tree import FIRMWARE, ROOT

ROWS = re.findall(
    r"^\| (\d+) \| (read|inferred) \| (.+?) \| (.+?) \| (.+?) \|$",
    (ROOT / "docs" / "claims.md").read_text(encoding="utf-8"),
    flags=re.M,
)
STORIES = (ROOT / "tests" / "story" / "test_claims.py").read_text(encoding="utf-8")
NAMES = set(re.findall(r"^def (test_claim_\w+)\(", STORIES, flags=re.M))
# What the first note of the project had of the text.
AT_HAND = {*range(1, 20), 22, *range(30, 34)}


def test_all_33_are_there_in_order():
    assert [int(row[0]) for row in ROWS] == list(range(1, 34))
    assert {int(row[0]) for row in ROWS if row[1] == "read"} == AT_HAND


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_code_and_its_tests_exist(row):
    number, _, _, code, tests = row
    files = re.findall(r"`([^`]+)`", code)
    assert files
    for name in files:
        assert (FIRMWARE / "phone" / name).is_file(), "claim %s names %s, which is not there" % (number, name)
    shown = re.findall(r"`([^`]+)`", tests)
    twin = (int(number) - 1) % 11 + 1
    assert any(name.startswith("test_claim_%02d_" % twin) for name in shown)
    for name in shown:
        there = (ROOT / name).is_file() if "/" in name else name in NAMES
        assert there, "claim %s is shown by %s, which is not there" % (number, name)


def test_no_story_of_a_claim_is_left_out():
    named = {name for row in ROWS for name in re.findall(r"`(test_claim_\w+)`", row[4])}
    assert named == NAMES
