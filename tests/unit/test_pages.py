"""Pages to bytes for the flash and back: nothing is lost, and nothing that is read is believed."""

from phone.core import pages
from phone.core.cache import EVER, PLAIN, Copy
from phone.core.pages import PIECE_MAX, pieces
from phone.core.result import Context
from phone.rare import Directory, Icon, IconMenu, Picture
from phone.records import WHOLE, Mends, Menu, SoftKey, Text, menu_item
from phone.wire import url as urls

ASKED = urls.split("http://10.0.0.1/menu.xml?l=1")
CAME = urls.split("https://b.example:8443/other%20one.xml")
KEYS = (
    SoftKey("KeyPad1", 0, "", ""), SoftKey("Dial", 1, "Dial:4711", "Key:Info"),
    SoftKey("", -1, "SoftKey:Exit", ""), SoftKey("Größe", 16, "", ""),
)  # fmt: skip
SMALL = Menu("Ärzte", "Wählen", (menu_item("Çelik, Ayşe", "Dial:1"), menu_item("No calls", "")), KEYS, WHOLE)
HUNDRED = tuple([menu_item("Иванов, Пётр %d" % i, "p/%d.xml" % i) for i in range(100)])
LARGE = Menu("All", "", HUNDRED, (), Mends(0, "", "items after the first 100", "CiscoIPPhoneMenu"))
WORDS = Text("News", "Canteen", ("Soup\tor not\nand more", "", "Слово за словом. " * 50), (), WHOLE)
BOOK = Directory("Buch", "", (menu_item("Anna", "4711"), menu_item("", "")), KEYS, WHOLE)
ICONS = IconMenu(
    "Room", "", (menu_item("Anna\nBert", "u", "1"), menu_item("Cem", "v")),
    (Icon(1, "", Picture(16, 10, (b"\x00\x7f\xff" * 13,))), Icon(9, "Resource:Icon.Hold", None)), KEYS, WHOLE,
)  # fmt: skip
TERMS = (60, 0, EVER)


def copy(record, terms=PLAIN):
    return Copy(ASKED, Context("services", None, CAME, True, True, False, None), record, 7, *terms)


def read(parts):
    reader = pages.read()
    next(reader)
    for part in parts:
        reader.send(part)
    return reader.send(None)


def stored(record, terms=PLAIN):
    return b"".join(list(pieces(copy(record, terms))))


def test_what_is_written_is_read():
    for record in (SMALL, LARGE, WORDS, BOOK, ICONS):
        assert read(pieces(copy(record, TERMS))) == (ASKED, CAME, TERMS, record)
    mended = Menu("M", "", SMALL.items, (), Mends(3, "line 4", "a long name", ""))
    assert read(pieces(copy(mended)))[3].mends == Mends(0, "", "a long name", "")


def test_pieces_are_small_and_may_be_cut_anywhere():
    parts = list(pieces(copy(LARGE)))
    assert len(parts) > 2 and max([len(part) for part in parts]) <= PIECE_MAX
    whole = b"".join(parts)
    for size in (1, 2, 3, 7, 100, 16000):
        assert read((memoryview(whole)[at : at + size] for at in range(0, len(whole), size)))[3] == LARGE


def test_every_cut_is_found():
    whole = stored(SMALL)
    for end in range(len(whole)):
        assert read([whole[:end]]) is None
    assert read([whole + b"\0\0"]) is None and read([whole + b"\0"]) is None and read([whole, whole]) is None
    assert read([]) is None and read([b""]) is None


def test_no_byte_that_is_changed_raises_anything():
    """The store's check sum finds them; should it not, a page comes out, or None, never an exception."""
    whole = bytearray(stored(SMALL, TERMS))
    found = 0
    for at in range(len(whole)):
        for value in (0, 1, 10, 0x7F, 0x80, 0xC3, 0xFF, whole[at] ^ 1):
            kept, whole[at] = whole[at], value
            page = read([bytes(whole)])
            whole[at] = kept
            if page is not None:
                found += 1
                for text in page[3].items:
                    assert text.count("\0") == 1 and "\n" not in text.partition("\0")[2]
    assert found


def field(text):
    data = text if isinstance(text, bytes) else text.encode()
    return bytes((len(data) >> 8, len(data) & 255)) + data


def forged(**changes):
    """A page with one item, fields changed by name."""
    names = "kind asked url fresh ahead instead title prompt cut root keys size body".split()
    fields = ["menu", "http://a/x", "http://a/x", "0", "0", "0", "T", "P", "", "", "0", "1", "n\0u"]
    for name in changes:
        fields[names.index(name)] = changes[name]
    return read([b"EP\x02" + b"".join([field(text) for text in fields])])


def test_hostile_bytes_give_none():
    assert forged()[3].items == ("n\0u",)
    for changes in (
        {"kind": "form"}, {"kind": "text"}, {"asked": ""}, {"asked": "ftp://a/x"}, {"url": "/x"},
        {"asked": "http://" + "a" * 2000},
        {"fresh": ""}, {"fresh": "-1"}, {"fresh": "+1"}, {"fresh": "01"}, {"fresh": "1_0"},
        {"fresh": "\u00b2"},
        {"fresh": "\u0663"}, {"ahead": "999999999"}, {"instead": "31536001"}, {"keys": "1"}, {"keys": "17"},
        {"size": "0"}, {"size": "2"}, {"size": "99999999"}, {"body": "n"}, {"body": "n\0u\0v"},
        {"body": "n\n\0u"},
        {"body": "n\t\0u"}, {"body": "n\x1b[31m\0u"}, {"body": b"\xff\0u"},
        {"body": b"n\0\xc3"},
        {"title": "T\0"}, {"title": "T\nU"}, {"title": "T\x7f"}, {"cut": "\x08"},
        {"body": "n" * 5000 + "\0u"}, {"body": "n\0u\nv"}, {"body": "n\0u\0more"},
        {"kind": "icons", "body": "n\0u\0v\0w"}, {"kind": "icons", "body": "n"},
        {"kind": "directory", "body": "n"}, {"kind": "directory", "body": "n\0u\0v"}, {"root": "x\0"},
    ):
        assert forged(**changes) is None, changes
    assert read([b"EP\x01" + stored(SMALL)[3:]]) is None
    assert read([b"\xff" * 4096]) is None and read([b"EP\x02" + b"\xff" * 4096]) is None
    assert read([b"EP\x02", b"\0\0" * 20000]) is None


def test_softkeys_are_checked_too():
    parts = ["menu", "http://a/x", "http://a/x", "0", "0", "0", "T", "", "", "", "1", "1"]
    for name, place, url, fine in (
        ("Dial", "3", "x", True), ("Dial", "-1", "x", True), ("Dial", "-2", "x", False),
        ("Dial", "", "x", False), ("D\0", "1", "x", False), ("D", "1", "x\ny", False),
    ):
        for one, two in ((url, ""), ("", url)):
            data = b"EP\x02" + b"".join([field(text) for text in parts + [name, place, one, two, "n\0u"]])
            assert (read([data]) is not None) == fine, (name, place, url)
