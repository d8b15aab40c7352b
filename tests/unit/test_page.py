"""wire/page.py: from bytes to records, whatever the server wrote."""

from phone.phrases import plain
from phone.records import Error, Menu, SoftKey, Text, Unshown, menu_item, name_and_url
from phone.wire import page as limits
from phone.wire.lines import BLOCK_MAX, LINE_MAX, TEXT_MAX
from phone.wire.page import PageReader


def read(document, size=1024, charset=None, content_type=None, complete=True):
    if charset:
        content_type = "text/xml; charset=" + charset
    reader = PageReader(content_type)
    for begin in range(0, len(document), size):
        reader.feed(memoryview(document)[begin : begin + size])
    return reader.finish(complete)


def menu(inside, **more):
    record = read(b"<CiscoIPPhoneMenu>" + inside + b"</CiscoIPPhoneMenu>", **more)
    assert isinstance(record, Menu), record
    return record


def body(inside, **more):
    """Paragraphs of a Text."""
    return lines(read(b"<CiscoIPPhoneText><Text>" + inside + b"</Text></CiscoIPPhoneText>", **more))


def lines(record):
    """The lines of a Text: short ones stand together in one str."""
    return tuple("\n".join(record.paragraphs).split("\n")) if record.paragraphs else ()


def title(inside, prologue=b"", **more):
    return read(
        prologue + b"<CiscoIPPhoneText><Title>" + inside + b"</Title></CiscoIPPhoneText>", **more
    ).title


MENU = (
    b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8' ?>\r\n<!-- a --><ciscoipphonemenu>\r\n"
    b"<SoftKeyItem><Position>3</Position><URL>SoftKey:Exit</URL><Name>Exit</Name></SoftKeyItem>"
    b"<MenuItem>\n <URL>http://a/?b=1&amp;c=2</URL>\n"
    b" <Name> M\xc3\xbcller\r\n &amp; Co &#x2013; <![CDATA[<b>]]></Name></MenuItem>"
    b"<Foo><MenuItem><Name>x</Name></MenuItem></Foo><MenuItem><URL>Dial:1</URL></MenuItem>"
    b"<SoftKeyItem><Name>Go</Name></SoftKeyItem><prompt>Choose&#32;one </prompt><TITLE>T &lt;</TITLE>"
    b"</ciscoipphonemenu>"
)
TEXT = (
    b"<CiscoIPPhoneText><Title>R\xe9sum\xe9</Title><Text>\n a\r\nb\rc\n\n\td &amp; e&#10;"
    b"\xe2\x82\xac\xc3\xa9&#233;\xe9\x01\xe2\x80\xaef <b>g</b>\n</Text><Prompt>p & q</Prompt>"
)


def test_menu():
    record = read(MENU)
    assert record.title == "T <" and record.prompt == "Choose one"
    assert record.items == (
        menu_item("M\u00fcller\n& Co \u2013 <b>", "http://a/?b=1&c=2"),
        menu_item("x", ""),
        menu_item("", "Dial:1"),
    )
    assert record.softkeys == (SoftKey("Go", 1, "", ""), SoftKey("Exit", 3, "SoftKey:Exit", ""))
    assert record.mends[:3] == (0, "", "")


def test_text():
    record = read(TEXT)
    assert record.title == "R\u00e9sum\u00e9" and record.prompt == "p & q"
    assert lines(record) == (" a", "b", "c", "", "\td & e", "\u20ac\u00e9\u00e9\u00e9f g"), (
        record.paragraphs
    )
    assert record.mends.count == 2 and record.mends.first.startswith("line 6, column 18:"), record.mends


def test_cut_at_every_byte():
    for document in (
        MENU,
        TEXT,
        b"<CiscoIPPhoneError Number='4'>no<CiscoIPPhoneError>",
        b"<?php x ?><html>",
        b"x < y",
    ):
        for kind in (None, "text/plain", "text/html"):
            whole = read(document, content_type=kind)
            for cut in range(1, len(document)):
                reader = PageReader(kind)
                reader.feed(document[:cut])
                reader.feed(document[cut:])
                record = reader.finish()
                assert record == whole, (kind, cut, record, whole)
            assert read(document, 1, content_type=kind) == whole


def test_error():
    assert read(b'<CiscoIPPhoneError Number="4"/>') == Error("4", "", (0, "", "", "CiscoIPPhoneError"))
    record = read(b"\n  <CiscoIPPhoneError Number='Internal'> not \n allowed<CiscoIPPhoneError>")
    assert record[:2] == ("Internal", "not allowed") and record.mends.count == 1


def test_missing_and_wrong_ends():
    expected = (menu_item("a", "u"), menu_item("b", "v"))
    for inside in (
        b"<MenuItem><Name>a<Name><URL>u</URL></MenuItem><MenuItem><Name>b</name><URL>v</MenuItem>",
        b"<MenuItem><Name>a</Name><URL>u</URL><MenuItem><Name>b</Name><URL>v</URL></MenuItem>",
        b"<MenuItem><Name>a<URL>u</URL></MenuItem><MenuItem><URL>v</URL><Name>b</MenuItem>",
        b"<x><y><MenuItem><z><Name>a</Name></z><URL>u</URL></MenuItem><MenuItem><Name>b</Name><URL>v</URL>",
    ):
        record = menu(inside)
        assert record.items == expected, (inside, record.items)
        assert record.mends.count > 0


def test_a_link_is_whole_or_not_there():
    start = b"<CiscoIPPhoneMenu><MenuItem><Name>a</Name><URL>http://a/delete?id=1"
    record = read(start, complete=False)
    assert record.items == (menu_item("a", ""),) and "link" in record.mends.cut
    assert read(start + b"2</URL>").items == (menu_item("a", "http://a/delete?id=12"),)
    link = b"http://a/" + b"b" * limits.URL_MAX
    item = b"<MenuItem><URL>%s</URL></MenuItem>"
    record = menu(item % link + item % link[: limits.URL_MAX])
    assert name_and_url(record.items[0])[1] == "" and len(name_and_url(record.items[1])[1]) == limits.URL_MAX
    assert record.mends.cut == "a link of more than 1024 characters"
    record = menu(b"<MenuItem><URL>" + link * 5 + b"</URL></MenuItem>")
    assert record.items == (menu_item("", ""),) and record.mends.cut


def test_names():
    for name, shown in (
        (b"\n  a\rb\r\n  c\n ", "a\nb\nc"), (b"a&#13;b&#xA;c\nd  e", "a\nb\nc d e"), (b"\n\n a\n\n", "a"),
    ):  # fmt: skip
        assert menu(b"<MenuItem><Name>%s</Name></MenuItem>" % name).items == (menu_item(shown, ""),), name
    record = menu(b"<Title>" + b"t" * 40 + b"</Title><MenuItem><Name>" + b"n" * 70 + b"</Name></MenuItem>")
    assert record.title == "t" * 32 and record.items == (menu_item("n" * 64, ""),)
    assert record.mends[:3] == (0, "", "a long name, a long title")


def test_a_break_of_a_web_page_is_one():
    assert body(b"a<br/>b<BR />c<br></br>d") == ("a", "b", "c", "d")
    assert title(b"a<br/>b") == "a b"


def test_counts():
    reader = PageReader()
    reader.feed(b"<CiscoIPPhoneMenu>")
    for n in range(150):
        reader.feed(b"<MenuItem><Name>%d</Name><URL>u</URL></MenuItem><SoftKeyItem/>" % n)
    record = reader.finish()
    assert len(record.items) == limits.ITEMS_MAX and len(record.softkeys) == 16
    assert record.items[99] == menu_item("99", "u")
    assert record.mends.cut == "items after the first 100, softkeys after the first 16"


def test_text_limits():
    reader = PageReader()
    reader.feed(b"<CiscoIPPhoneText><Text>")
    for _ in range(50):
        reader.feed("\u00e9t\u00e9 ".encode() * 30)
    reader.feed(b"</Text><Prompt>p</Prompt></CiscoIPPhoneText>")
    record = reader.finish()
    assert 3900 < sum(len(line) + 1 for line in record.paragraphs) <= TEXT_MAX + 1
    assert max(len(line) for line in record.paragraphs) <= LINE_MAX
    assert record.prompt == "p" and record.mends.cut.startswith("the end of a long text")
    record = read(b"<CiscoIPPhoneText><Text>" + b"a\n" * 1500)
    assert len(record.paragraphs) < 20 and record.mends.cut
    assert max([len(block) for block in record.paragraphs]) <= BLOCK_MAX + 1


def test_softkey_positions():
    keys = b""
    places = (b"2", b"", b"-1", b"2", b"99", b" 1 ", b"x")
    for name, place in zip(b"abcdefg", places):
        keys += b"<SoftKeyItem><Name>%c</Name><Position>%s</Position></SoftKeyItem>" % (name, place)
    got = [(key.name, key.position) for key in menu(keys).softkeys]
    assert got == [("c", -1), ("f", 1), ("a", 2), ("b", 3), ("d", 4), ("e", 5), ("g", 6)], got


def test_charsets():
    assert title(b"\xd0\x97\xd0\xb0\xd0\xba") == "\u0417\u0430\u043a"
    assert title(b"\xc7\xe0\xea", b"<?xml version='1.0' encoding=\"windows-1251\"?>") == "\u0417\u0430\u043a"
    page = b"<CiscoIPPhoneText><Title>\xc7\xe0\xea</Title></CiscoIPPhoneText>"
    named = read(page, content_type='text/xml; Charset="windows-1251" ; version=2.0')
    assert named.title == "\u0417\u0430\u043a"
    assert title(b"\xc3\xa9\x80", charset="iso-8859-1") == "\u00c3\u00a9\u20ac"
    assert title(b"\xc3\xa9", b"<?xml encoding='iso-8859-1'?>", charset="utf-8") == "\u00e9"
    declared = b"<?xml version='1.0' encoding='utf-8'?>"
    assert title(b"caf\xe9 \x93x\x94 \xc3\xa9", declared) == "caf\u00e9 \u201cx\u201d \u00e9"
    for bad in (b"\xc0\xbc", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe0\x80\xbc", b"\xf0\x80\x80\xbc"):
        assert "<" not in title(bad) and len(title(bad)) >= 1, bad
    assert title(b"\xf0\x9f\x98\x80") == "\U0001f600"


def test_a_byte_order_mark_counts_more_than_a_header_and_that_more_than_a_declaration():
    page = b"<CiscoIPPhoneText><Title>\xc3\xa9</Title></CiscoIPPhoneText>"
    latin = b"<?xml version='1.0' encoding='iso-8859-1'?>"
    for data in (b"\xef\xbb\xbf" + page, b"\xef\xbb\xbf" + latin + page):
        assert read(data, content_type="text/xml; charset=iso-8859-1").title == "\u00e9"
    assert read(latin + page, content_type="text/xml; charset=utf-8").title == "\u00e9"
    assert read(latin + page, content_type="text/xml").title == "\u00c3\u00a9"
    assert read(page, content_type="text/xml").title == "\u00e9"


def test_what_only_looks_like_utf8_is_none():
    for raw in (
        b"\xc0\x9b",
        b"\xe0\x80\x9b",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xf0\x80\x80\x9b",
    ):
        shown = title(b"T" + raw + b"[31m")
        assert shown.startswith("T") and shown.endswith("[31m")
        again = str(shown.encode(), "utf-8")
        assert again == shown and not any(
            ord(letter) in range(0x80, 0xA0) or ord(letter) < 32 for letter in shown
        )
    assert title("\u0e01\uac00\U0001f600".encode()) == "\u0e01\uac00\U0001f600"


def test_cleaning():
    assert title(b"a\x00b\x07c\x7fd\xc2\x85e&#7;f") == "abcdef"
    assert title("a\u202eb\u2066c\u200bd\ufeffe\u061cf\u00a0g".encode()) == "abcdef g"
    assert title(b"&#x202E;a&#160;b") == "a b"
    assert body(b"a\x0cb\x1bc\td") == ("abc\td",)


def test_unshown():
    for document, name, words in (
        (b"<CiscoIPPhoneRingList>", "CiscoIPPhoneRingList", "<CiscoIPPhoneRingList> is a list of ring tones"),
        (b"<CiscoIPPhoneImageList>", "CiscoIPPhoneImageList", "a list of background pictures"),
        (b"<getDeviceCapsResponse>", "getDeviceCapsResponse", "a question about a device, or the answer"),
        (b"<PolycomIPPhone>", "PolycomIPPhone", "made for Polycom phones"),
        (b"<Messages>", "Messages", "it begins with <Messages>"),
        (b"<YealinkIPPhoneStatus a='b'>", "YealinkIPPhoneStatus", "no page for this phone"),
        (b"<!DOCTYPE html><HTML><body>", "HTML", "web page"),
        (b"", "", "no page"),
        (b"<!-- x -->", "", "no page"),
        (b"<?php echo '<CiscoIPPhoneMenu>'; ", "", "no page"),
        (b"AUTHORIZED", "", "no page"),
        (b"<\0C\0i\0", "", "no page"),
    ):
        record = read(document)
        assert isinstance(record, Unshown), record
        why = plain(record.why)
        assert record.name == name and words in why and why.endswith("."), record
    assert "picture" in plain(read(b"\x89PNG", content_type="image/png").why)


def test_done():
    reader = PageReader()
    reader.feed(b"<CiscoIPPhoneMenu><Title>a</Title>")
    assert not reader.done
    reader.feed(b"</CiscoIPPhoneMenu>junk")
    assert reader.done
    assert reader.finish().title == "a"
    for document, kind in (
        (b"<html>", None),
        (b"x" * 5000, "text/plain"),
    ):
        reader = PageReader(kind)
        reader.feed(document)
        assert reader.done, kind


def test_plain_text():
    record = read(b"a < b\r\n <i>&amp;\r\n", content_type="text/plain")
    assert record == Text("", "", ("a < b\n <i>&amp;",), (), (0, "", "", ""))
    for kind in ("text/html", "text/plain"):
        page = b"\n<?xml version='1.0'?>\n<CiscoIPPhoneMenu><Title>a</Title></CiscoIPPhoneMenu>"
        record = read(page, content_type=kind)
        assert isinstance(record, Menu) and record.title == "a"


def test_garbage():
    state = 12345
    words = (b"<", b">", b"&", b'"', b"'", b"/", b"=", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#x", b";")
    words += (b"\xe2\x82", b"\xff", b"<?xml ", b"\r")
    for base in (MENU, TEXT):
        for _ in range(150):
            document = base
            for _ in range(6):
                state = (state * 1103515245 + 12345) & 0x3FFFFFFF
                at, word = (state >> 8) % len(document), words[(state >> 20) % len(words)]
                document = document[:at] + word + document[at + (state >> 4) % 4 :]
            whole = read(document)
            assert read(document, 5) == whole, document
            for record in (whole, read(document, 3, content_type="text/html")):
                assert isinstance(record, (Menu, Text, Error, Unshown))
                assert sum(len(str(part)) for part in record) < 3000
    for _ in range(30):
        document = bytearray()
        for _ in range(400):
            state = (state * 1103515245 + 12345) & 0x3FFFFFFF
            document.append(state >> 16 & 255)
        read(bytes(document), 7)
        read(b"<CiscoIPPhoneMenu>" + document, 9)


def item(name, url):
    return b"<MenuItem>\n<Name>" + name + b"</Name>\n<URL>" + url + b"</URL>\n</MenuItem>\n"


# (name and URL as written, as they are read): each among items that are read in one.
ITEMS = (
    (b"Tom &amp; Jerry", b"http://a/?b=1&amp;c=2", "Tom & Jerry", "http://a/?b=1&c=2"),
    (b"&amp;lt;", b"u", "&lt;", "u"),
    (b"&lt;Jos&#233; d&apos;A&gt;", b"u&#38;v", "<Jos\u00e9 d'A>", "u&v"),
    (b"M\xc3\xbcller", b"http://a/\xe9", "M\u00fcller", "http://a/\u00e9"),
    (b" a \n  b\t", b" http://a/ ", "a\nb", "http://a/"),
    (b"a\x07b\x7fc&#11;d", b"u\x01v", "abcd", "uv"),
    (b"a\xc2\xa0b\xe2\x80\xae", b"u", "a b", "u"),
    (b"", b"", "", ""),
    (b"Q & A", b"http://a/?b=1&c=2", "Q & A", "http://a/?b=1&c=2"),
    (b"n" * 70, b"u", "n" * 64, "u"),
    (b"n", b"u" * 1100, "n", ""),
    (b"<![CDATA[<b> &amp;]]>", b"<!-- x -->u", "<b> &amp;", "u"),
)


def test_items_in_a_row_are_read_like_any_other():
    for name, url, shown, link in ITEMS:
        common = item(b"Anna", b"Dial:1")
        document = b"<CiscoIPPhoneMenu>\n%s</CiscoIPPhoneMenu>" % (common * 2 + item(name, url) + common)
        anna = menu_item("Anna", "Dial:1")
        record = read(document)
        assert record.items == (anna, anna, menu_item(shown, link), anna), record
        other = read(document.replace(b"MenuItem>", b"menuitem>"))  # letters that are not waited for
        assert (record.items, record.mends) == (other.items, other.mends), record
        for cut in range(1, len(document), 1 if len(document) < 500 else 17):
            reader = PageReader()
            reader.feed(document[:cut])
            reader.feed(document[cut:])
            assert reader.done and reader.finish() == record, (cut, document)


def test_a_row_that_is_cut_keeps_no_half_link():
    document = b"<CiscoIPPhoneMenu>" + item(b"a", b"u") * 3
    whole = menu_item("a", "u")
    last = ((), (menu_item("", ""),), (menu_item("a", ""),), (whole,))
    for cut in range(len(document) - 40, len(document)):
        record = read(document[:cut], 256)
        assert record.items[:2] == (whole, whole) and record.items[2:] in last, cut


def test_items_after_the_last_are_said_to_be_cut():
    record = read(b"<CiscoIPPhoneMenu>" + item(b"a", b"u") * 130 + b"</CiscoIPPhoneMenu>", 256)
    assert len(record.items) == limits.ITEMS_MAX and record.mends.cut == "items after the first 100"
