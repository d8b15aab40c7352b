"""Softkeys: meaning, positions, More."""

from phone.records import SoftKey
from phone.ui.bar import BACK, EXIT, SELECT, UPDATE, bar_for, meaning
from phone.ui.defaults import CANCEL, DIRECTORY, INPUT, follow
from phone.ui.screen import Intent

DEFAULTS = (SELECT, EXIT, BACK)


def test_meaning_is_lenient():
    assert meaning("SoftKey:Select") == Intent("select", "")
    assert meaning(" Softkey: exit ") == Intent("exit", "")
    assert meaning("SOFTKEY:Cancel") == Intent("back", "")
    assert meaning("SoftKey:Next") == Intent("next", "")
    assert meaning("SoftKey: Submit") == Intent("submit", "")
    assert meaning("SoftKey:<<") == Intent("backspace", "")
    for verb in ("search", "dial", "editdial"):
        assert meaning("softkey:" + verb) == Intent(verb, "")
    assert meaning("SoftKey:Dance") is None
    assert meaning("") is None and meaning("  ") is None
    assert meaning("a.xml") == Intent("open", "a.xml")
    assert meaning("Dial:123") == Intent("open", "Dial:123")


def test_defaults_only_where_the_page_has_no_key_at_all():
    assert bar_for((), DEFAULTS).labels() == ("Select", "Exit", "Back", "")
    assert bar_for((SoftKey("Go", 2, "x", ""),), DEFAULTS).labels() == ("Update", "Go", "", "")
    assert bar_for((SoftKey("Hidden", -1, "x", ""),), DEFAULTS).labels() == ("Update", "", "", "")


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
    assert bar_for((SoftKey("far", 16, "x", ""),), DEFAULTS).labels() == ("Update", "far", "", "")


def test_what_is_missing_at_the_first_place_is_update_or_next():
    bar = bar_for((SoftKey("Go", 2, "x", ""),), DEFAULTS)
    assert bar.press(0) is UPDATE
    follow(bar)
    assert bar.labels() == ("Next", "Go", "", "") and bar.press(0)[1] == Intent("next", "")
    bar = bar_for((SoftKey("Go", 1, "x", ""),), DEFAULTS)
    follow(bar)
    assert bar.labels() == ("Go", "", "", ""), "it has its own"
    assert bar_for((SoftKey("Go", 2, "x", ""),), ()).labels() == ("", "Go", "", "")


def test_next_stands_where_it_is_looked_for():
    for defaults, labels in (
        ((EXIT, UPDATE, BACK), ("Exit", "Next", "Back", "")),
        ((SELECT, EXIT, BACK), ("Select", "Exit", "Back", "Next")),
        (DIRECTORY, ("Dial", "EditDial", "Next", "Back")),
    ):
        bar = bar_for((), defaults)
        follow(bar)
        assert bar.labels() == labels


def test_defaults_of_forms_and_directories():
    assert bar_for((), INPUT).labels() == ("Submit", "<<", "Cancel", "Back")
    assert [key[1].verb for key in INPUT] == ["submit", "backspace", "back", "back"]
    assert bar_for((), DIRECTORY).labels() == ("Dial", "EditDial", "Cancel", "Back")
    assert CANCEL in DIRECTORY


def test_what_is_done_as_a_key_goes_down():
    bar = bar_for((SoftKey("Talk", 1, "RTPTx:Stop", "RTPTx:10.0.0.1:20480"),), DEFAULTS)
    assert bar.press(0) == ("Talk", Intent("open", "RTPTx:Stop"), Intent("open", "RTPTx:10.0.0.1:20480"))
    for page in ("http://a/x.xml", "HTTPS://a/", "x.xml", "/x"):
        assert bar_for((SoftKey("Talk", 1, "Key:NavUp", page),), ()).press(0) == (
            "Talk", Intent("open", "Key:NavUp"))  # fmt: skip


def test_keys_that_a_page_traps():
    keys = [SoftKey(name, 0, name + ".xml", "") for name in ("KeyPad5", "KeyPadPound", "navup", "Services")]
    keys += [SoftKey("PushToTalk", 0, "x", ""), SoftKey("Hidden", -1, "h.xml", "")]
    keys.append(SoftKey("KeyPad7", 0, "", ""))
    bar = bar_for(tuple(keys[:5] + keys[6:]), DEFAULTS)
    assert bar.labels() == ("Select", "Exit", "Back", ""), "keys are no softkeys"
    assert bar.trap("5") == ("KeyPad5", Intent("open", "KeyPad5.xml"))
    assert bar.trap("#")[1].value == "KeyPadPound.xml" and bar.trap("up")[1].value == "navup.xml"
    assert bar.trap("7") == ("KeyPad7", None)
    for key in ("services", "settings", "6", "select"):
        assert bar.trap(key) is None
    bar = bar_for(tuple(keys), DEFAULTS)
    assert bar.labels() == ("Update", "", "", "")
    assert bar.trap("settings") == ("Hidden", Intent("open", "h.xml"))
    assert bar_for((SoftKey("Hidden", -1, "", ""),), DEFAULTS).trap("settings") is None
