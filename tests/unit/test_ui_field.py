"""One field, and a filled form as a request."""

from phone.rare import Field
from phone.ui.field import MOST, Entry
from phone.ui.sending import address, encoded, pairs


def entry(value="", flags="A"):
    return Entry(Field("Name", "n", flags, value))


def keys(field, *pressed):
    """Press them, each in good time; what stands there then."""
    for key in pressed:
        assert field.key(key, 0)
    return field.value


def test_letters_go_in_at_the_cursor():
    field = entry("Mller")
    assert field.cursor == 5
    keys(field, "left", "left", "left", "left")
    assert keys(field, "8", "8") == "Muller" and field.cursor == 2, "one letter, chosen from the key"
    assert keys(field, "8", "8", "8") == "Müller"[:1] + "ü" + "ller" and field.letters[field.chosen] == "ü"
    assert keys(field, "backspace") == "Mller" and field.cursor == 1 and field.due is None
    assert keys(field, "backspace", "left") == "ller" and field.cursor == 4, "around the end"
    assert keys(field, "right", "2") == "aller"


def test_right_ends_a_letter_and_the_same_key_begins_the_next():
    field = entry()
    assert keys(field, "2", "right", "2", "2") == "ab"
    assert field.due is not None and field.cursor == 2
    field.settle()
    assert keys(field, "2") == "aba"


def test_modes():
    field = entry()
    assert keys(field, "5", "#", "5", "#", "5", "5") == "jJ55" and field.mode == "123"
    assert keys(entry(flags="T"), "#", "*") == "#*" and keys(entry(flags="N"), "#", "*") == ""


def test_a_full_field_takes_no_more():
    field = entry("x" * (MOST - 1))
    assert field.key("2", 0) and field.key("2", 0) and field.value[-1] == "b"
    field.settle()
    assert not field.key("2", 0) and len(field.value) == MOST and field.due is None
    assert field.key("backspace", 0) and field.key("3", 0) and field.value[-1] == "d"


def test_a_held_key_gives_its_digit():
    field = entry()
    keys(field, "2")
    field.held("2")
    assert field.value == "2" and field.due is None
    keys(field, "2", "2")
    field.held("2")
    assert field.value == "22"
    field = entry("A", "U")
    keys(field, "2")
    field.held("2")
    assert field.value == "AA", "no digit goes in"


def test_a_password_is_stars_but_for_the_last_letter():
    field = entry(flags="AP")
    assert field.masked and not entry().masked
    keys(field, "4", "3", "4")
    assert field.shown == "**g"
    keys(field, "4")
    assert field.shown == "**h"
    field.settle()
    assert field.shown == "***" and field.value == "gdh"
    keys(field, "left", "5")
    assert field.shown == "**j*"
    pin = entry("12", "NP")
    assert pin.shown == "**" and keys(pin, "3") and pin.shown == "**3" and pin.letters == ""
    assert entry("", "AP").shown == "" and entry("plain").shown == "plain"


def test_required():
    assert entry(flags="AR").lacks and not entry("x", "NPR").lacks and not entry(flags="NP").lacks


def test_values_go_as_utf_8():
    assert encoded("Müller & Söhne") == "M%C3%BCller%20%26%20S%C3%B6hne"
    assert encoded("a+b=c?#%/\"'") == "a%2Bb%3Dc%3F%23%25%2F%22%27"
    assert encoded("AZaz09-._*") == "AZaz09-._*" and encoded("€") == "%E2%82%AC" and encoded("") == ""
    assert pairs((("n", "a b"), ("", "lost"), ("p q", ""))) == "n=a%20b&p%20q="


def test_pairs_are_joined_to_an_address_however_it_ends():
    assert address("http://x/s", "n=1") == "http://x/s?n=1"
    assert address("s.php?a=b", "n=1") == "s.php?a=b&n=1"
    assert address("s?", "n=1") == "s?n=1" and address("s?a=b&", "n=1") == "s?a=b&n=1"
    assert address("s#top", "n=1") == "s?n=1#top"
    assert address("s?d=#DEVICENAME#", "n=1") == "s?d=#DEVICENAME#&n=1"
    assert address("s", "") == "s"


def test_the_longest_form_is_one_short_request():
    fields = [("p" * 32, "ü" * MOST)] * 5
    assert len(pairs(fields)) < 4096
