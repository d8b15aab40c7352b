"""Letters on twelve keys: what each kind of field takes, the next letter, modes, time."""

from phone.ui.multitap import DIGITS, LOWER, TAP_MS, UPPER, Multitap, letters, modes

KEYS = "1234567890*#"


def typed(kind, keys, wait=0):
    """What stands in a field after these keys, each so many ms after the other."""
    tap, text, now = Multitap(kind), "", 0
    for key in keys:
        now += wait
        if tap.due is not None and now >= tap.due:
            tap.settle()
        letter, again = tap.press(key, now)
        text = (text[:-1] if again else text) + letter
    return text


def test_a_key_gives_its_letters_in_turn():
    assert typed("A", "2") == "a" and typed("A", "22") == "b" and typed("A", "2222") == "2"
    assert typed("A", "22222") == "ä" and typed("A", "2" * 13) == "a", "and around"
    assert typed("A", "44033") == "h e" and typed("A", "7777") == "s" and typed("A", "999") == "y"
    assert typed("A", "222", wait=TAP_MS) == "aaa" and typed("A", "222", wait=TAP_MS - 1) == "c"


def test_numbers_are_typed_at_once():
    for kind in "NTE":
        assert typed(kind, "2200111") == "2200111"
    assert typed("T", "*21#") == "*21#" and typed("N", "*21#") == "21"
    assert typed("E", "1**2") == "1+2" and typed("E", "3#") == "3="


def test_only_letters_of_one_case():
    assert typed("U", "2") == "A" and typed("U", "222") == "C" and typed("U", "2222") == "Ä"
    assert typed("L", "77777") == "ß" and typed("L", "0") == "" and typed("U", "1*#") == ""
    for key in KEYS:
        assert not [c for c in letters("U", UPPER, key) + letters("L", LOWER, key) if c.isdigit()]


def test_every_printable_character_of_ascii_is_somewhere():
    found = ""
    for mode in modes("A"):
        found += "".join([letters("A", mode, key) for key in KEYS])
    assert not [code for code in range(32, 127) if chr(code) not in found]
    for mode in modes("A"):
        for key in KEYS:
            keys = letters("A", mode, key)
            assert len(set(keys)) == len(keys), "%r has one twice" % key


def test_the_mode_key_goes_round():
    tap = Multitap("A")
    assert tap.mode == LOWER and tap.press("2", 0) == ("a", False)
    tap.turn()
    assert tap.mode == UPPER and tap.due is None and tap.press("2", 0) == ("A", False)
    tap.turn()
    assert tap.mode == DIGITS and tap.press("2", 0) == ("2", False) and tap.press("2", 0) == ("2", False)
    assert tap.letters == "" and tap.due == TAP_MS
    tap.turn()
    assert tap.mode == LOWER
    for kind, mode in (("N", DIGITS), ("T", DIGITS), ("E", DIGITS), ("U", UPPER), ("L", LOWER)):
        tap = Multitap(kind)
        tap.turn()
        assert tap.mode == mode and len(modes(kind)) == 1


def test_the_candidates_and_which_of_them():
    tap = Multitap("A")
    tap.press("7", 0)
    assert (tap.letters, tap.chosen, tap.due) == ("pqrs7ß", 0, TAP_MS)
    assert tap.press("7", 900) == ("q", True) and tap.chosen == 1 and tap.due == 900 + TAP_MS
    assert tap.press("8", 950) == ("t", False) and tap.letters[:3] == "tuv"
    tap.settle()
    assert (tap.letters, tap.due) == ("", None)
    assert tap.press("#", 0) == ("", False) and tap.due is None


def test_a_key_that_is_held_gives_what_is_printed_on_it():
    tap = Multitap("A")
    tap.press("2", 0)
    assert tap.hold("2") == "2" and tap.due is None
    assert tap.hold("0") == "0" and tap.hold("*") == "*" and tap.hold("1") == "1"
    assert Multitap("U").hold("2") == "" and Multitap("N").hold("*") == "" and Multitap("N").hold("5") == "5"
