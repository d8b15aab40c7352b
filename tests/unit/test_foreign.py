"""Bodies that are no plain page: byte order marks, UTF-16, plain text, web pages, other families."""

from phone import rare
from phone.rare import Field
from phone.records import Menu, SoftKey, Text, Unshown, menu_item
from phone.wire.page import PageReader

PAGE = "<CiscoIPPhoneText><Title>Gr\u00fc\u00dfe \u20ac</Title><Text>\u0417\u0430 \U0001f600</Text>"
PAGE += "</CiscoIPPhoneText>"
TITLE, TEXT = "Gr\u00fc\u00dfe \u20ac", ("\u0417\u0430 \U0001f600",)


def read(document, content_type=None):
    """The record, the same in whatever pieces it comes."""
    found = []
    for size in (1024, 40, 3, 1):
        reader = PageReader(content_type)
        for begin in range(0, len(document), size):
            reader.feed(memoryview(document)[begin : begin + size])
        found.append(reader.finish())
        assert found[-1] == found[0], (size, found[-1], found[0])
    return found[0]


def wide(text, big):
    """UTF-16 without a mark, by hand: MicroPython writes none."""
    out = bytearray()
    for letter in text:
        code = ord(letter)
        units = (code,) if code < 0x10000 else (0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF))
        for unit in units:
            out.extend(bytes((unit >> 8, unit & 255) if big else (unit & 255, unit >> 8)))
    return bytes(out)


def test_a_byte_order_mark_outdoes_what_is_said():
    marked = b"\xef\xbb\xbf" + PAGE.encode()
    for kind in (None, "text/xml; charset=iso-8859-1", "text/html; charset=windows-1251", "text/plain"):
        record = read(marked, kind)
        assert record.title == TITLE and record.paragraphs == TEXT, kind
    declared = b"\xef\xbb\xbf<?xml version='1.0' encoding='iso-8859-1'?>\n" + PAGE.encode()
    assert read(declared).title == TITLE


def test_utf_16():
    declared = "<?xml version='1.0' encoding='utf-16'?>\r\n" + PAGE
    for big, mark in ((False, b"\xff\xfe"), (True, b"\xfe\xff"), (True, b"")):
        for text in (PAGE, declared):
            record = read(mark + wide(text, big), "text/xml; charset=utf-16")
            assert record.title == TITLE and record.paragraphs == TEXT
            assert record.mends == (0, "", "", "CiscoIPPhoneText")
    assert type(read(b"\xff\xfe<")) is Unshown and type(read(b"\xff")) is Unshown


def test_names_of_letters():
    page = b"<CiscoIPPhoneMenu><Title>Caf&eacute;&nbsp;&euro;5 &Auml;&yuml;&frac12; &bogus; &amp;uuml;"
    assert read(page).title == "Caf\u00e9 \u20ac5 \u00c4\u00ff\u00bd &bogus; &uuml;"


def test_plain_text_is_shown_as_it_is():
    for kind in ("text/plain", "text/plain; charset=utf-8"):
        record = read("Zeile 1\r\n  <b>\u00fc</b> & \u2013\n\n".encode(), kind)
        assert record[:3] == ("", "", ("Zeile 1\n  <b>\u00fc</b> & \u2013",)), record
    assert read(b"x", "text/plain").paragraphs == ("x",)
    assert type(read(b"", "text/plain")) is Text or type(read(b"", "text/plain")) is Unshown


def test_a_web_page_is_its_text():
    for document, title, lines in (
        (b"<html><head><title>T &amp; U</title><style>p{}</style></head><body><p>One\n  two<br>three</p>"
         b"<ul><li>a</li><li>b</li></ul></body></html>", "T & U", "One two\nthree\na\nb"),
        (b"It <b>works</b>!", "", "It works!"),
        (b"<!DOCTYPE html>\n<html><body><h1>It works!</h1></body></html>\n", "", "It works!"),
        (b"<h1>404</h1><hr>Not found", "", "404\nNot found"),
        (b"Caf\xe9 &copy;<br/><br/>x", "", "Caf\u00e9 \u00a9\nx"),
        (b"<CiscoError><Message>You are not a phone</Message></CiscoError>", "", "You are not a phone"),
        (b"<script>document.write('<p>' + 1 < 2)</script><p>shown</p>", "", "shown"),
    ):  # fmt: skip
        record = read(document, "text/html")
        assert type(record) is Text, (document, record)
        assert (record.title, "\n".join(record.paragraphs)) == (title, lines), record
    assert type(read(b"<html><body>x</body></html>", "text/xml")) is Unshown


def test_other_families():
    record = read(
        b"<YealinkIPPhoneTextMenu defaultIndex='1'><Title wrap='yes'>T</Title><MenuItem><Prompt>a</Prompt>"
        b"<URI>u?b=1&c=2</URI><Dial>1</Dial></MenuItem><MenuItem><Prompt>b</Prompt><Dial>7</Dial></MenuItem>"
        b"<SoftKey index='3'><Label>Exit</Label><URI>SoftKey:Exit</URI></SoftKey></YealinkIPPhoneTextMenu>"
    )
    assert type(record) is Menu and record.mends.count == 1
    assert record.items == (menu_item("a", "u?b=1&c=2"), menu_item("b", "Dial:7"))
    assert record.softkeys == (SoftKey("Exit", 3, "SoftKey:Exit", ""),)
    record = read(
        b"<AastraIPPhoneFormattedTextScreen><Line Size='double'>one</Line><Line/><Scroll><Line>two</Line>"
        b"</Scroll></AastraIPPhoneFormattedTextScreen>"
    )
    assert type(record) is Text and record.paragraphs == ("one\n\ntwo",), record
    record = read(
        b"<AastraIPPhoneInputScreen type='number' password='yes'><Title>T</Title><Prompt>PIN</Prompt>"
        b"<URL>u</URL><Parameter>p</Parameter><Default>1</Default></AastraIPPhoneInputScreen>"
    )
    assert record[:5] == ("T", "", "u", False, (Field("PIN", "p", "NP", "1"),)), record
    record = read(
        b"<YealinkIPPhoneInputScreen><URL>u</URL><InputField type='string' editable='yes'>"
        b"<Prompt>Name</Prompt><Parameter>n</Parameter></InputField></YealinkIPPhoneInputScreen>"
    )
    assert record.fields == (Field("Name", "n", "A", ""),), record
    for root in (b"YealinkIPPhoneDirectory", b"AastraIPPhoneDirectory", b"SnomIPPhoneDirectory"):
        inside = b"<DirectoryEntry><Name>Anna</Name><Telephone>4711</Telephone></DirectoryEntry>"
        if root.startswith(b"Aastra"):
            inside = b"<MenuItem><Prompt>Anna</Prompt><URI>4711</URI></MenuItem>"
        record = read(b"<" + root + b">" + inside + b"</" + root + b">")
        assert type(record) is rare.Directory and record.items == (menu_item("Anna", "4711"),), record
    record = read(b"<YealinkIPPhoneBook><Menu Name='a'><Unit Name='Bob' Phone1='12' Phone2='3'/></Menu>")
    assert record.items == (menu_item("Bob", "12"),)
    record = read(b"<AastraIPPhoneExecute><ExecuteItem URI='http://a/&b' interruptCall='no'/>")
    assert record.items == (rare.Command(0, "http://a/&b"),)
    record = read(
        b"<SnomIPPhoneText><Title>T</Title><Text>a<br/>b</Text><SoftKeyItem><Name>F1</Name><Label>Off</Label>"
        b"<URL>snom://mb_exit</URL></SoftKeyItem></SnomIPPhoneText>"
    )
    assert record.paragraphs == ("a\nb",), record
    assert record.softkeys == (SoftKey("Off", 1, "SoftKey:Exit", ""),), record
    for root in (b"YealinkIPPhoneStatus", b"AastraIPPhoneConfiguration", b"SnomIPPhoneImage"):
        assert type(read(b"<" + root + b"/>")) is Unshown, root


def test_charsets_of_one_byte_a_letter():
    for charset, raw, shown in (
        (b"iso-8859-2", b"\xb9\xea\xf3\xbf", "\u0161\u0119\u00f3\u017c"),
        (b"CP1250", b"\x9a\xea\xf3\x80", "\u0161\u0119\u00f3\u20ac"),
        (b"ISO-8859-5", b"\xb7\xd0\xda", "\u0417\u0430\u043a"),
        (b"koi8-r", b"\xfa\xc1\xcb", "\u0417\u0430\u043a"),
        (b"iso8859-7", b"\xc1\xe8", "\u0391\u03b8"),
        (b"windows-1253", b"\xc1\xe8", "\u0391\u03b8"),
        (b"windows-1254", b"\xfd\xfe", "\u0131\u015f"),
        (b"iso-8859-15", b"\xa4\xbd", "\u20ac\u0153"),
        (b"shift_jis", b"\xc3\xa9\xe9", "\u00e9\u00e9"),
    ):  # fmt: skip
        page = b"<CiscoIPPhoneText><Title>" + raw + b"</Title></CiscoIPPhoneText>"
        declared = b"<?xml version='1.0' encoding='" + charset + b"'?>" + page
        assert read(declared).title == shown, charset
        assert read(page, "text/xml; charset=" + str(charset, "ascii")).title == shown, charset
