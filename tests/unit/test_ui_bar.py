"""Softkeys: meaning, positions, More."""

from phone.records import SoftKey
from phone.ui.bar import BACK, EXIT, SELECT, bar_for, meaning
from phone.ui.screen import Intent

DEFAULTS = (SELECT, EXIT, BACK)


def test_meaning_is_lenient():
    assert meaning("SoftKey:Select") == Intent("select", "")
    assert meaning(" Softkey: exit ") == Intent("exit", "")
    assert meaning("SOFTKEY:Cancel") == Intent("back", "")
    assert meaning("SoftKey:Next") == Intent("update", "")
    assert meaning("SoftKey:Dance") is None
    assert meaning("") is None and meaning("  ") is None
    assert meaning("a.xml") == Intent("open", "a.xml")
    assert meaning("Dial:123") == Intent("open", "Dial:123")


def test_defaults_only_where_the_page_has_no_key_at_all():
    assert bar_for((), DEFAULTS).labels() == ("Select", "Exit", "Back", "")
    assert bar_for((SoftKey("Go", 2, "x", ""),), DEFAULTS).labels() == ("", "Go", "", "")
    assert bar_for((SoftKey("Hidden", -1, "x", ""),), DEFAULTS).labels() == ("", "", "", "")


def test_positions():
    keys = (SoftKey("d", 4, "d", ""), SoftKey("a", 1, "a", ""), SoftKey("b", 1, "b", ""))
    bar = bar_for(keys, DEFAULTS)
    assert bar.labels() == ("a", "b", "", "d")
    assert bar.press(1) == ("b", Intent("open", "b"))
    assert bar.press(2) == ("", None)


def test_more_turns_the_page():
    bar = bar_for(tuple([SoftKey(str(i), i, "u%d" % i, "") for i in (1, 2, 3, 5, 9, 16, 16)]), DEFAULTS)
    assert bar.labels() == ("1", "2", "3", "More")
    assert bar.press(3) is None
    assert bar.labels() == ("5", "9", "16", "More")
    assert bar.press(0) == ("5", Intent("open", "u5"))
    bar.press(3)
    assert bar.labels() == ("16", "", "", "More")
    assert bar.press(1) is None
    bar.press(3)
    assert bar.labels() == ("1", "2", "3", "More")


def test_six_keys_are_two_pages():
    bar = bar_for(tuple([SoftKey(str(i), i, "u", "") for i in range(1, 7)]), DEFAULTS)
    bar.press(3)
    assert bar.labels() == ("4", "5", "6", "More")
    bar.press(3)
    assert bar.labels() == ("1", "2", "3", "More")


def test_one_key_far_out_needs_no_more():
    assert bar_for((SoftKey("far", 16, "x", ""),), DEFAULTS).labels() == ("far", "", "", "")
