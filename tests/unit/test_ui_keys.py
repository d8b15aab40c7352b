"""Key names and the repeat of a held key."""

from phone.ui.keys import HOLD_MS, NAMES, REPEAT_MS, Repeat


def test_names_are_unique_and_complete():
    assert len(NAMES) == len(set(NAMES)) == 27
    for name in ("services", "select", "soft4", "0", "#"):
        assert name in NAMES


def test_a_held_key_repeats():
    repeat = Repeat()
    repeat.receive("down", True, 1000)
    assert repeat.deadline() == 1000 + HOLD_MS
    assert repeat.tick(1000 + HOLD_MS - 1) is None
    assert repeat.tick(1000 + HOLD_MS) == "down"
    assert repeat.deadline() == 1000 + HOLD_MS + REPEAT_MS
    # late by two repeats: one press
    assert repeat.tick(1000 + HOLD_MS + 3 * REPEAT_MS) == "down"
    assert repeat.tick(1000 + HOLD_MS + 3 * REPEAT_MS) is None
    repeat.receive("down", False, 3000)
    assert repeat.deadline() is None and repeat.tick(9000) is None


def test_another_key_is_told_once():
    repeat = Repeat()
    repeat.receive("5", True, 0)
    assert repeat.tick(HOLD_MS - 1) is None
    assert repeat.tick(HOLD_MS) == "5"
    assert repeat.deadline() is None and repeat.tick(9999) is None
    repeat.receive("5", False, 9999)
    assert repeat.deadline() is None


def test_any_other_key_ends_it():
    repeat = Repeat()
    repeat.receive("up", True, 0)
    repeat.receive("down", False, 10)  # not the held one
    assert repeat.deadline() == HOLD_MS
    repeat.receive("5", True, 20)
    assert repeat.tick(20 + HOLD_MS) == "5"
