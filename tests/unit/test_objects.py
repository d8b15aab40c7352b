"""wire/objects.py and what it makes of pages that are neither Menu nor Text."""

from phone import rare
from phone.rare import Command, Field, Icon, Picture, Reply
from phone.records import Error, Menu, SoftKey, Unshown, menu_item
from phone.wire.page import PageReader


def read(document, size=1024, content_type=None):
    reader = PageReader(content_type)
    for begin in range(0, len(document), size):
        reader.feed(memoryview(document)[begin : begin + size])
    return reader.finish()


def page(kind, inside, **more):
    """The record of a Cisco-style page; the same comes of it however it is cut."""
    document = b"<CiscoIPPhone" + kind + b">" + inside + b"</CiscoIPPhone" + kind + b">"
    record = read(document, **more)
    for size in (1, 7):
        assert read(document, size, **more) == record, (size, record)
    assert record.mends.root == "CiscoIPPhone" + str(kind, "ascii"), record
    return record


HEAD = b"<Title>T</Title><Prompt>P</Prompt>"
KEY = (b"<SoftKeyItem><Name>Go</Name><URL>u</URL><URLDown>Key:Info</URLDown><Position>2</Position>"
       b"</SoftKeyItem><KeyItem><Key>KeyPad1</Key><URL>one</URL></KeyItem>")  # fmt: skip
SOFTKEYS = (SoftKey("KeyPad1", 0, "one", ""), SoftKey("Go", 2, "u", "Key:Info"))


def test_input():
    record = page(
        b"Input",
        b"<InputItem><QueryStringParam>n</QueryStringParam><InputFlags>A</InputFlags></InputItem>" + HEAD
        + b"<InputItem><DefaultValue>12 34</DefaultValue><DisplayName>PIN</DisplayName>"
        + b"<InputFlags>P&N</InputFlags><QueryStringParam>p</QueryStringParam></InputItem>"
        + b"<URL method='Post'>http://a/?x=1&amp;y</URL>" + KEY,
    )  # fmt: skip
    fields = Field("", "n", "A", ""), Field("PIN", "p", "NP", "12 34")
    assert record[:6] == ("T", "P", "http://a/?x=1&y", True, fields, SOFTKEYS)
    assert type(record) is rare.Input and record.mends.count == 1
    one = b"<InputItem><QueryStringParam>n</QueryStringParam></InputItem>"
    record = page(b"Input", one * 7)
    assert len(record.fields) == 5 and record.mends.cut == "fields after the first 5" and not record.post


def test_flags():
    for said, flags in (
        (b"A", "A"), (b"T", "T"), (b"N", "N"), (b"E", "E"), (b"U", "U"), (b"L", "L"), (b"", "A"),
        (b"P", "AP"), (b"PA", "AP"), (b"NP", "NP"), (b"P&amp;N", "NP"), (b"a", "A"), (b" ap ", "AP"),
        (b"pn", "NP"), (b"X", "A"), (b"the flag", "A"), (b"\xc3\xa9", "A"),
    ):  # fmt: skip
        inside = b"<InputItem><InputFlags>%s</InputFlags></InputItem>" % said
        assert page(b"Input", inside).fields[0].flags == flags, said


def test_a_field_that_must_be_filled_in():
    for said, flags in ((b'"yes"', "NPR"), (b"'True'", "NPR"), (b"1", "NPR"), (b'"no"', "NP"), (b'""', "NP")):
        inside = b"<InputItem required=%s><InputFlags>NP</InputFlags></InputItem>" % said
        assert page(b"Input", inside).fields[0].flags == flags, said


def test_directory():
    entry = b"<DirectoryEntry>\n<Name>%d</Name>\n<Telephone>4 711</Telephone>\n</DirectoryEntry>\n"
    record = page(b"Directory", HEAD + b"".join([entry % n for n in range(40)]) + KEY)
    assert type(record) is rare.Directory and record.softkeys == SOFTKEYS
    assert record.items == tuple([menu_item(str(n), "4 711") for n in range(32)])
    assert record.mends == (0, "", "items after the first 32", "CiscoIPPhoneDirectory")
    odd = b"<directoryentry><TELEPHONE>1</TELEPHONE></directoryentry>"
    odd += b"<DirectoryEntry><Name>b\nc</Name></DirectoryEntry>"
    assert page(b"Directory", odd).items == (menu_item("", "1"), menu_item("b c", ""))


def test_icons():
    record = page(
        b"IconMenu",
        HEAD + b"<MenuItem><IconIndex>1</IconIndex><Name>a</Name><URL>u</URL></MenuItem>"
        b"<MenuItem><Name>b</Name><URL>v</URL></MenuItem><IconItem><Index>1</Index><Height>1</Height>"
        b"<Width>4</Width><Depth>2</Depth><Data>2d</Data></IconItem>",
    )
    assert record.items == (menu_item("a", "u", "1"), menu_item("b", "v"))
    assert record.icons == (Icon(1, "", Picture(4, 1, (b"\x2d",))),) and record.mends.count == 0
    record = page(
        b"IconFileMenu",
        b"<Title IconIndex='1'>T</Title><IconItem><URL>Resource:Icon.Hold</URL><Index> 9</Index></IconItem>",
    )
    assert record.title == "T" and record.icons == (Icon(9, "Resource:Icon.Hold", None),)


def test_pictures():
    inside = b"<Prompt/><Data>03\nCC 3F</Data><Depth>2</Depth><Height>2</Height><Width>6</Width>"
    record = page(b"Image", inside + b"<LocationX>-1</LocationX>")
    assert record[2:6] == (-1, 0, Picture(6, 2, (b"\x03\xcc\x3f",)), "") and record.mends.count == 0
    record = page(b"ImageFile", b"<URL>a.png</URL><LocationY>x</LocationY>")
    assert record[2:6] == (0, 0, None, "a.png") and record.mends.count == 1
    record = read(b"<CiscoIPPhoneImageFileWindowMode='Wide'><URL>u</URL></CiscoIPPhoneImageFile>junk")
    assert record.url == "u" and record.mends.root == "CiscoIPPhoneImageFileWindowMode"
    item = b"<MenuItem><Name>a</Name><URL>u</URL>%s</MenuItem>"
    area = b"<TouchArea X1='50' Y1=\"0\" X2='9' Y2='7'/>"
    record = page(b"GraphicFileMenu", item % area + item % b"" + area + b"<TouchArea X1='1' X2='x'/>")
    assert record.items == (menu_item("a", "u", "9,0,50,7"),) * 2 and record.mends.count == 2
    assert len(page(b"GraphicMenu", item % b"" * 20).items) == 12
    assert page(b"Image", b"...").picture is None


def test_status():
    record = page(
        b"Status",
        b"<Text> On\n call </Text><Timer>7</Timer><LocationX>-1</LocationX><Depth>2</Depth><Width>4</Width>"
        b"<Height>1</Height><Data>2D</Data>",
    )
    assert record[:6] == ("On call", 7, -1, 0, Picture(4, 1, (b"\x2d",)), "")
    record = page(b"StatusFile", b"<Text/><Timer></Timer><URL>u.png</URL>")
    assert record[:6] == ("", -1, 0, 0, None, "u.png")


def test_execute_and_response():
    item = b"<ExecuteItem Priority='%s' URL=\"%s\"/>"
    items = item % (b"2", b"http://a/?b&amp;c") + item % (b"7", b"u&v") + b"<ExecuteItem URL=Key:Info />"
    record = page(b"Execute", items)
    assert record.items == (Command(2, "http://a/?b&c"), Command(0, "u&v"), Command(0, "Key:Info"))
    assert record.mends.count == 2 and len(page(b"Execute", item % (b"0", b"u") * 4).items) == 3
    record = page(b"Response", b"<ResponseItem URL='u' Data='Success' Status='0' /><ResponseItem/>")
    assert record.items == (Reply("0", "Success", "u"), Reply("", "", ""))
    record = page(b"Response", b"<ResponseItem><Status>6</Status><Data>d</Data><URL>v</URL></ResponseItem>")
    assert record.items == (Reply("6", "d", "v"),)


def test_error():
    assert read(b"<CiscoIPPhoneError Number='4'>no\n way</CiscoIPPhoneError>")[:2] == ("4", "no way")
    assert type(read(b"<ciscoipphoneerror/>")) is Error


def test_a_form_that_is_a_menu():
    record = page(b"Input", b"<MenuItem><Prompt>a</Prompt><URL>Dial:1</URL></MenuItem>")
    assert type(record) is Menu and record.items == (menu_item("a", "Dial:1"),) and record.mends.count == 1


WARNING = b"<br />\n<b>Warning</b>:  mysql_connect() in <b>/var/www/a.php</b> on line <b>3</b><br />\n"
INSIDE = (b"<CiscoIPPhoneMenu><Title>T</Title><MenuItem><Name>a</Name><URL>u</URL></MenuItem>"
          b"</CiscoIPPhoneMenu>")  # fmt: skip


def test_what_stands_before_a_page_is_passed_over():
    for before in (
        WARNING, WARNING * 6, b"<html><body>", b"Notice: x\n", b"<a><b><c>", b"<x/><Position>4</Position>",
        b"<p/><FooIPPhoneMenu>",
    ):  # fmt: skip
        for kind in (None, "text/html"):
            for size in (1024, 7, 1):
                record = read(before + INSIDE + b"junk<CiscoIPPhoneText>", size, kind)
                if before == b"<html><body>" and kind is None:
                    assert type(record) is Unshown and record.name == "html"
                    continue
                assert type(record) is Menu, (before, kind, record)
                assert record[:3] == ("T", "", (menu_item("a", "u"),))
                assert record.mends.root == "CiscoIPPhoneMenu"
    record = read(WARNING + b"<CiscoIPPhoneInput><URL>u</URL>")
    assert type(record) is rare.Input and record.url == "u" and record.mends.count == 2
    assert type(read(b"<x/>" * 300 + INSIDE)) is Unshown and type(read(b"<x/>" * 90 + INSIDE)) is Menu
    assert read(b"<Messages><Message>3</Message></Messages>").name == "Messages"


def test_a_batch_is_its_first_page():
    inside = INSIDE.replace(b"Cisco", b"Snom")
    for second in (b"", INSIDE):
        record = read(b"<SnomIPPhoneBatch>" + inside + second + b"</SnomIPPhoneBatch>")
        assert type(record) is Menu and record.items == (menu_item("a", "u"),)
        assert record.mends == (0, "", "", "SnomIPPhoneBatch")
    assert type(read(b"<SnomIPPhoneBatch/>")) is Unshown
