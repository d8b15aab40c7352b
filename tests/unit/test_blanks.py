"""wire/blanks.py: what a phone fills in, in addresses."""

from phone.wire.blanks import bare, filled
from phone.wire.url import join, rebase, split, text

VALUES = {"DEVICENAME": "SEP001122334455", "LANGUAGE": "de"}


def test_a_blank_is_no_fragment():
    url = split("http://h/menu.php?name=#DEVICENAME#&l=#LANGUAGE##top")
    assert url.path == "/menu.php?name=%23DEVICENAME%23&l=%23LANGUAGE%23"
    assert filled(url.path, VALUES) == "/menu.php?name=SEP001122334455&l=de"
    assert split(text(url)) == url
    assert join(url, "x.php?n=#DEVICENAME##y").path == "/x.php?n=%23DEVICENAME%23"
    assert join(url, "#LANGUAGE#/x.php").path == "/%23LANGUAGE%23/x.php"
    assert rebase(url, url, split("http://i/deep/menu.php")).path.startswith("/deep/menu.php?name=%23DEV")


def test_fragments():
    for address in ("a#b", "a#", "a##", "a#b#c", "a#Word#", "a#W1#", "a#b#WORD#"):
        assert bare(address) == "a", address
    assert bare("a#WORD") == "a" and bare("a#WORD#b#c") == "a%23WORD%23b"


def test_what_nobody_knows_stays():
    assert filled("/a?%23OTHER%23", VALUES) == "/a?%23OTHER%23"
    assert filled("/a?c=%23", VALUES) == "/a?c=%23"
    assert filled("/%23LANGUAGE%23LANGUAGE%23", VALUES) == "/deLANGUAGE%23"
    assert filled("/LANGUAGE%23LANGUAGE", VALUES) == "/LANGUAGE%23LANGUAGE"
