"""Pages that nobody would send by accident: valid ones of every object, changed at random, and all that may
be said of what is read of them.

    for data, kind in mutations(1000, seed): check(data, kind)

Shared by tests/unit/test_page_fuzz.py (both interpreters, a few) and tests/host/test_page_fuzz.py (100,000,
and 2,000 of what ships in a heap of 56 KB).
"""

from phone import rare, records
from phone.phrases import plain
from phone.wire.page import PageReader

HEAD = b"<Title>Titel &amp; mehr</Title>\n<Prompt>Bitte w\xc3\xa4hlen</Prompt>\n"
KEYS = (
    b"<SoftKeyItem><Name>Go</Name><URL>SoftKey:Select</URL><Position>1</Position></SoftKeyItem>\n"
    b"<SoftKeyItem><Position>-1</Position><Name>X</Name><URL>u</URL><URLDown>Key:Info</URLDown></SoftKeyItem>\n"
    b"<KeyItem><Key>KeyPad1</Key><URL>http://a/?k=1&amp;l=2</URL></KeyItem>\n"
)
ITEM = b"<MenuItem>\n<Name>Item %d</Name>\n<URL>http://a.example/p.php?id=%d&amp;b=2</URL>\n</MenuItem>\n"
SIZE = b"<Width>8</Width><Height>6</Height><Depth>2</Depth><Data>00112233445566778899aabb</Data>"
FIELD = (
    b"<InputItem><DisplayName>Name</DisplayName><QueryStringParam>n%d</QueryStringParam>"
    b"<InputFlags>NP</InputFlags><DefaultValue>12</DefaultValue></InputItem>\n"
)
# Root -> what is in it.
PAGES = {
    b"CiscoIPPhoneMenu": HEAD + ITEM * 3 % (1, 1, 2, 2, 3, 3) + KEYS,
    b"CiscoIPPhoneText": HEAD + b"<Text>\nOne &#252; <![CDATA[<b>]]>\r\ntwo\rthree &eacute;\n</Text>" + KEYS,
    b"CiscoIPPhoneInput": HEAD + b"<URL method='post'>f.php?a=1</URL>" + FIELD * 2 % (1, 2) + KEYS,
    b"CiscoIPPhoneDirectory": HEAD
    + b"<DirectoryEntry>\n<Name>Anna</Name>\n<Telephone>4711</Telephone>\n</DirectoryEntry>\n" * 4
    + KEYS,
    b"CiscoIPPhoneImage": HEAD + b"<LocationX>-1</LocationX><LocationY>0</LocationY>" + SIZE + KEYS,
    b"CiscoIPPhoneImageFile": HEAD + b"<LocationX>0</LocationX><URL>http://a/p.png</URL>" + KEYS,
    b"CiscoIPPhoneGraphicMenu": HEAD + SIZE + ITEM * 2 % (1, 1, 2, 2) + KEYS,
    b"CiscoIPPhoneGraphicFileMenu": HEAD
    + b"<URL>p.png</URL><MenuItem><Name>N</Name><URL>u</URL><TouchArea X1='1' Y1='2' X2='30' Y2='40'/>"
    + b"</MenuItem>"
    + KEYS,
    b"CiscoIPPhoneIconMenu": HEAD
    + b"<MenuItem><IconIndex>1</IconIndex><Name>A\rB</Name><URL>u</URL></MenuItem><IconItem><Index>1</Index>"
    + SIZE
    + b"</IconItem>",
    b"CiscoIPPhoneIconFileMenu": HEAD
    + b"<MenuItem><IconIndex>0</IconIndex><Name>A</Name><URL>u</URL></MenuItem>"
    + b"<IconItem><Index>0</Index><URL>Resource:Icon.Connected</URL></IconItem>",
    b"CiscoIPPhoneStatus": b"<Text>On call</Text><Timer>7</Timer><LocationX>1</LocationX>" + SIZE,
    b"CiscoIPPhoneStatusFile": b"<Text>On call</Text><Timer/><URL>s.png</URL>",
    b"CiscoIPPhoneExecute": b'<ExecuteItem Priority="1" URL="http://a/?b=1&amp;c=2"/>'
    + b"<ExecuteItem URL='Key:Info'/>",
    b"CiscoIPPhoneResponse": b'<ResponseItem Status="0" Data="Success" URL="Key:Info"/>' * 2,
    b"CiscoIPPhoneError": b"No &lt;way&gt;",
    b"YealinkIPPhoneTextMenu": b"<Title wrap='yes'>T</Title>"
    + b"<MenuItem><Prompt>P</Prompt><URI>u</URI></MenuItem>"
    + b"<SoftKey index='2'><Label>Exit</Label><URI>SoftKey:Exit</URI></SoftKey>",
    b"AastraIPPhoneInputScreen type='number' password='yes'": b"<Title>T</Title><Prompt>PIN</Prompt>"
    + b"<URL>u</URL><Parameter>p</Parameter><Default>1</Default>",
    b"AastraIPPhoneFormattedTextScreen": b"<Line Size='double'>one</Line><Scroll><Line>two</Line></Scroll>",
    b"SnomIPPhoneBatch": b"<SnomIPPhoneMenu id='a'><MenuItem name='n > m'><URL>u</URL></MenuItem>"
    + b"</SnomIPPhoneMenu>"
    + b"<SnomIPPhoneText><Text>t<br/>u</Text></SnomIPPhoneText>",
}  # fmt: skip
WEB = (
    b"<!DOCTYPE html><html><head><title>T</title><script>if (a<b) c();</script></head><body><p>One<br>two"
    b"<ul><li>three</ul>&copy; 2026</body></html>"
)
STARTS = (b"", b"", b"<?xml version='1.0' encoding=\"utf-8\" ?>\r\n", b"\n\n", b"\xef\xbb\xbf",
          b"<?xml version='1.0' encoding='windows-1251'?>", b"<!-- a --><!DOCTYPE x [<!ENTITY y 'z'>]>",
          b"<%@ page %>")  # fmt: skip
KINDS = ("text/xml", None, "text/html", "text/plain", "text/xml; charset=iso-8859-1",
         "text/html; charset=utf-8")  # fmt: skip
# What means something in a page, and what means nothing anywhere.
PIECES = (
    b"<", b">", b"&", b'"', b"'", b"/", b"=", b" ", b"\n", b"\r", b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80",
    b"\xe2\x80\xae", b"\x1b[2J", b"%s%n", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"?>", b"<!", b"&#",
    b"&#x0;", b"&#1114111;", b"&#xD800;", b"&lt;", b"&bogus;", b"</", b"/>", b"<MenuItem>", b"</MenuItem>",
    b"<Name>", b"<URL>", b"<Data>", b"</Data>", b"<Text>", b"<Width>99999</Width>", b"<Depth>1</Depth>",
    b"<Height>-1</Height>", b"<Position>0</Position>", b"<IconItem>", b"<br>", b" area='1' pixels='2'",
    b"<Index>\xd9\xa3</Index>", b"<TouchArea X1='99999' Y1='0' X2='0' Y2='0'/>", b"0123456789abcdef" * 4,
)  # fmt: skip
# Where a reader that looks for the end again and again takes the square of the length; each is repeated.
STEEP = (
    b"<a>", b"<a ", b"<a b='", b'<a b="c>', b"<", b"<<a", b"</a>", b"&", b"&a", b"&#", b"&amp;", b"&#38;",
    b"&eacute;", b"<!--", b"<![CDATA[", b"]]", b"<?xml ", b"<!DOCTYPE [", b"<MenuItem>", b"<Name>x<Name>",
    b"<MenuItem><Name>a</Name><URL>b", b"<MenuItem><Name>a</Name><URL>b</URL></MenuItem>", b"<SoftKeyItem/>",
    b"<KeyItem/>", b"<Data>0", b"<Data>00</Data>", b"0", b"\n", b"\r", b" ", b"a b='c' ", b"\xff",
    b"\xc3\xa9", b"<IconItem><Data>00", b"<InputItem/>", b"<ExecuteItem a='b' c='d' e='f' URL='&'/>",
    b"<Line>x</Line>", b"<TouchArea X1='1'/>", b"<br>", b"\"", b"=",
)  # fmt: skip
STEEP_BYTES = 40000

_SHOWN = (records.Menu, records.Text, records.Error, records.Unshown, rare.Directory, rare.IconMenu,
          rare.Image, rare.Status, rare.Input, rare.Execute, rare.Response)  # fmt: skip


class Dice:
    def __init__(self, seed):
        self._state = seed

    def roll(self, sides):
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 12) % sides


def document(root, start=b""):
    return start + b"<" + root + b">\n" + PAGES[root] + b"</" + root.split()[0] + b">\n"


def pages():
    """One of each object, as it should be."""
    return [document(root) for root in sorted(PAGES)] + [WEB]


def mutations(count, seed):
    """So many pages with the content type under which they come, each a valid one with up to four changes."""
    dice = Dice(seed)
    roots = sorted(PAGES)
    for _ in range(count):
        number = dice.roll(len(roots) + 1)
        data = WEB if number == len(roots) else document(roots[number], STARTS[dice.roll(len(STARTS))])
        for _ in range(dice.roll(5)):
            data = changed(data, dice, roots)
        yield data[:6000], KINDS[dice.roll(len(KINDS))]


def changed(data, dice, roots):
    at, kind = dice.roll(len(data) + 1), dice.roll(9)
    end = at + 1 + dice.roll(60)
    piece = PIECES[dice.roll(len(PIECES))]
    if kind == 0 and at < len(data):
        return data[:at] + bytes((data[at] ^ 1 << dice.roll(8),)) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + data[end:]
    if kind == 3:
        return data[:end] + data[at:end] * dice.roll(20) + data[end:]
    if kind == 4:
        return data[:at] + piece + data[end:]
    if kind == 5:
        return data[:at] + piece * (1 + dice.roll(200)) + data[at:]
    if kind == 6:  # tags change places
        parts = data.split(b"<")
        one, other = dice.roll(len(parts)), dice.roll(len(parts))
        parts[one], parts[other] = parts[other], parts[one]
        return b"<".join(parts)
    if kind == 7:  # the beginning of one and the end of another
        other = document(roots[dice.roll(len(roots))])
        return data[:at] + other[dice.roll(len(other)) :]
    return data.lower() if dice.roll(2) else data.replace(b"</", b"<")


def steep():
    """Pages of 40 KB, of one piece for the most part, in each object."""
    roots = b"CiscoIPPhoneMenu CiscoIPPhoneIconMenu CiscoIPPhoneText AastraIPPhoneTextScreen html"
    for root in roots.split():
        for before in (b"", b"<Title>", b"<Data>", b"<Text>"):
            for piece in STEEP:
                yield b"<" + root + b">" + before, piece


def is_plain(text, most, more=""):
    """Whether it may go on a screen: no control character but those of `more`, and nothing that turns it."""
    for letter in more:
        text = text.replace(letter, "")
    assert len(text) <= most, (len(text), most)
    assert not text or min(text) >= " " and "\x7f" not in text, text
    assert "\u202e" not in text and "\x9b" not in text, text
    return True


def read(data, kind, size):
    reader = PageReader(kind)
    view = memoryview(data)
    for at in range(0, len(data), size):
        reader.feed(view[at : at + size])
        if reader.done:
            break
    return reader.finish()


def check(data, kind, size=256):
    """Read a page; the record, after all that must be true of it whatever came."""
    record = read(data, kind, size)
    verify(record)
    return record


def verify(record):
    assert type(record) in _SHOWN, record
    mends = record.mends
    assert mends.count >= 0 and (mends.first.startswith("line ") or not mends.count), mends
    assert is_plain(mends.first, 200) and is_plain(mends.cut, 600) and is_plain(mends.root, 64)
    kind = type(record)
    if kind is records.Unshown:
        assert is_plain(plain(record.why), 300) and is_plain(record.name, 64)
    elif kind is records.Error:
        assert is_plain(record.number, 32) and is_plain(record.text, 256)
    elif kind in (rare.Execute, rare.Response):
        assert len(record.items) <= 3
        for item in record.items:
            assert is_plain(item.url, 1024)
            assert item.priority in (0, 1, 2) if kind is rare.Execute else is_plain(item.data, 256)
    elif kind is rare.Status:
        assert is_plain(record.text, 32) and record.timer >= -1 and is_plain(record.url, 1024)
        verify_picture(record.picture)
    else:
        verify_page(record, kind)


def verify_page(record, kind):
    """What has a title, a prompt and softkeys."""
    assert is_plain(record.title, 32) and is_plain(record.prompt, 32)
    places = [key.position for key in record.softkeys if key.position]
    assert places == sorted(set(places)) and len(places) <= 16 and len(record.softkeys) <= 48
    for key in record.softkeys:
        assert -1 <= key.position <= 17 and is_plain(key.name, 32), key
        assert is_plain(key.url, 1024) and is_plain(key.down, 1024)
    if kind is records.Text:
        assert sum([len(part) for part in record.paragraphs]) <= 4001
        for part in record.paragraphs:
            assert is_plain(part, 1000, "\t\n")
        return
    if kind is rare.Input:
        assert len(record.fields) <= 5 and is_plain(record.url, 1024)
        for field in record.fields:
            assert is_plain(field.name, 32) and is_plain(field.param, 255) and is_plain(field.value, 255)
            assert field.flags[0] in "ATNEUL" and field.flags[1:] in ("", "P")
        return
    assert len(record.items) <= (100 if kind is records.Menu else 32)
    for item in record.items:
        name, url = records.name_and_url(item)
        assert is_plain(name, 64, "\n") and is_plain(url, 1024) and is_plain(records.more_of(item), 24)
        assert name.count("\n") < 3 and item.count("\0") in (1, 2) and name == name.strip()
    if kind is rare.IconMenu:
        assert len(record.icons) <= 10
        for icon in record.icons:
            assert is_plain(icon.url, 1024) and 0 <= icon.index < 100
            verify_picture(icon.picture)
    if kind is rare.Image:
        assert -1 <= record.x < 4096 and -1 <= record.y < 4096 and is_plain(record.url, 1024)
        verify_picture(record.picture)


def verify_picture(picture):
    if picture:
        size = (picture.width * picture.height + 3) // 4
        assert 0 < picture.width <= 800 and 0 < picture.height <= 480
        assert sum([len(strip) for strip in picture.strips]) <= min(size, 13312)
        assert max([1] + [len(strip) for strip in picture.strips]) <= 1024
