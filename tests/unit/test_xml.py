"""wire/xml.py: what the reader tells its sink, however the document is written and cut."""

from phone.wire.tag import attribute
from phone.wire.xml import DEPTH_MAX, TAG_MAX, XmlReader


class Sink:
    """Writes down what it is told as one bytes: <name> text </name>, what is literal in [ ]."""

    taking = True
    row = b""

    def __init__(self):
        self.seen = []

    def start(self, name, tag):
        self.seen.append(b"<" + name + b">")

    def text(self, data, literal):
        assert data
        self.seen.append(b"[" + data + b"]" if literal else data)

    def end(self, name):
        self.seen.append(b"</" + name + b">")


class RowSink(Sink):
    """Takes the text of <One> and <Two> only, and rows of them, told as if they had come as tags."""

    row = b"<Row> <One> </One> <Two> </Two> </Row>"
    taking = False

    def __init__(self):
        Sink.__init__(self)
        self.rows = 0

    def start(self, name, tag):
        Sink.start(self, name, tag)
        self.taking = name in (b"one", b"two")

    def end(self, name):
        Sink.end(self, name)
        self.taking = False

    def take(self, first, second):
        if b"&" in first + second:
            return False
        self.rows += 1
        self.seen.append(b"<row><one>%s</one><two>%s</two></row>" % (first, second))
        return True


class TagSink(RowSink):
    row = b""  # never met


def read(document, size=1024, sink=None):
    sink = sink or Sink()
    reader = XmlReader(sink)
    for begin in range(0, len(document), size):
        reader.feed(memoryview(document)[begin : begin + size])
    reader.finish()
    return b"".join(sink.seen).replace(b"][", b""), reader


# (document, what the sink is told, mends)
DOCUMENTS = (
    (b"<A><b>x</b></A>", b"<a><b>x</b></a>", 0),
    (b"\xef\xbb\xbf<a>x</a>", b"<a>x</a>", 0),
    (b" \r\n<a>x</a> junk <b>", b"<a>x</a>", 0),
    (b"junk <a>x</a>", b"<a>x</a>", 0),
    (b"\n<?xml version='1.0'?><a/>", b"<a></a>", 0),
    (b'<?xml version="1.0" encoding=\'utf-8\' standalone="yes" ?><a/>', b"<a></a>", 0),
    (b'<?xml version="1.0"><a/>', b"<a></a>", 0),
    (b"<a><!-- <b> & -- > -->x<!----></a>", b"<a>x</a>", 0),
    (b"<a><![CDATA[<b> & ]] ]]>y</a>", b"<a>[<b> & ]] ]y</a>", 0),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a>&b;</a>", 0),
    (b"<?php echo 1 > 2 ?><a>x<?= 3 ?>y</a>", b"<a>xy</a>", 0),
    (b"<%@ page %><a>x<% if (a < b) { %>y</a>", b"<a>xy</a>", 0),
    (b"<a>&amp;&lt;&gt;&quot;&apos;</a>", b"<a>&amp;&lt;&gt;&quot;&apos;</a>", 0),
    (b"<a>&#39;&#x27;&#X2019;&#0;</a>", b"<a>&#39;&#x27;&#X2019;&#0;</a>", 0),
    (b"<a>&#xD800;&#99999999;&#x110000;</a>", b"<a>&#xD800;&#99999999;&#x110000;</a>", 1),
    (b"<a>b & c &d=1&e &;&#;&#x;&#12a;</a>", b"<a>b & c &d=1&e &;&#;&#x;&#12a;</a>", 3),
    (b"<a>&nbsp;</a>", b"<a>&nbsp;</a>", 0),
    (b"<a b='1' c = \"2\"  d=''/>", b"<a></a>", 0),
    (b"<a b='1'c='2'/>", b"<a></a>", 0),
    (b"<a b=1 c=2>x</a>", b"<a>x</a>", 0),
    (b"<a b>x</a>", b"<a>x</a>", 0),
    (b"<a p=\xe2\x80\x9dI I\xe2\x80\x9d q=\x93J\x94>x</a>", b"<a>x</a>", 0),
    (b"<a b='x>y' c='&amp;&lt;&#252;&'>z</a>", b"<a>y' c='&amp;&lt;&#252;&'>z</a>", 1),
    (b'<a b="x>y</a>', b"<a>y</a>", 0),
    (b"<a='b'>x</a>", b"<a>x</a>", 0),
    (b"<a><n:Name x:y='1'>z</n:Name></a>", b"<a><name>z</name></a>", 0),
    (b"<a><b>x</B></a >", b"<a><b>x</b></a>", 1),
    (b"<a><b>x</a>", b"<a><b>x</b></a>", 1),
    (b"<a><b>x", b"<a><b>x</b></a>", 1),
    (b"<a><b>x</c></b></a>", b"<a><b>x</b></a>", 1),
    (b"<a><b>x<b><c>y<c></a>", b"<a><b>x</b><c>y</c></a>", 2),
    (b"<a n='4'>x<a>", b"<a>x</a>", 1),
    (b"<a><b><c>x</c><b><c>y</c></b></a>", b"<a><b><c>x</c></b><b><c>y</c></b></a>", 1),
    (b"<a><b><b>x</b></a>", b"<a><b><b>x</b></b></a>", 1),
    (b"<a><<<<b><<<</a>", b"<a><<<<b><<<</b></a>", 7),
    (b"<a>1 < 2 <3 <x <y and <b/></a>", b"<a>1 < 2 <3 <x><y><b></b></y></x></a>", 5),
    (b"<a><b>x</b <c>y</c></a>", b"<a><b>x</b><c>y</c></a>", 1),
    (b"<a>x</", b"<a>x</a>", 1),
    (b"<a>x<!-- y", b"<a>x</a>", 1),
    (b"<a>x<![CDATA[ y]", b"<a>x[ ]y]</a>", 1),
    (b"<a>x &am", b"<a>x &am</a>", 2),
    (b"<a>x</a><a>y</a>", b"<a>x</a>", 0),
    (b"", b"", 0),
    (b"<", b"", 0),
    (b"\xff\xfe<\x00a\x00", b"", 1),
    (b"<a>x</a \n>", b"<a>x</a>", 0),
    (b"<Foo:a><b/>\xc3\xa9</Foo:a>", b"<a><b></b>\xc3\xa9</a>", 0),
    (b"<a>&amp;&amp;</a>", b"<a>&amp;&amp;</a>", 0),
)


def test_what_pages_in_the_wild_do_is_mended():
    for document, words, mends in DOCUMENTS:
        got, reader = read(document)
        assert got == words, (document, got)
        assert reader.mends == mends, (document, reader.mends, reader.first)


def test_the_cut_between_two_pieces_changes_nothing():
    for document, words, mends in DOCUMENTS:
        first = read(document)[1].first
        for size in (1, 2, 3, 5, 7):
            got, reader = read(document, size)
            assert (got, reader.mends, reader.first) == (words, mends, first), (document, size, got)


def test_the_first_mend_has_its_line_and_column():
    document = b"<a>\n <b>x</b>\n <c>y & z</c> & \n</a>"
    for size in (1024, 3, 1):
        assert read(document, size)[1].first == "line 3, column 7: & stands for itself", size
    assert read(b"<a>\n<b>x</c></b></a>")[1].first == "line 2, column 5: </c> does not fit"
    assert read(b"<a>x</\xc3\xa9></a>")[1].first == "line 1, column 5: </??> does not fit"


def test_the_declared_encoding_is_known():
    for declaration, encoding in (
        (b"<?xml version='1.0' encoding='ISO-8859-1'?>", b"iso-8859-1"),
        (b'<?xml encoding="utf-8" standalone="yes" ?>', b"utf-8"),
        (b"<?xml version='1.0'?>", b""),
    ):
        for size in (1, 1024):
            assert read(declaration + b"<a/>", size)[1].encoding == encoding


def test_attributes():
    tag = b"CiscoIPPhoneError Number = '4' b=\"x>y\"  c=5/"
    assert (
        attribute(tag, b"number") == b"4" and attribute(tag, b"b") == b"x>y" and attribute(tag, b"c") == b"5"
    )
    assert attribute(tag, b"d") == b"" and attribute(b"a", b"a") == b"" and attribute(b"a b=", b"b") == b""
    assert attribute(b"e number=\xe2\x80\x9d4\xe2\x80\x9d", b"number") == b"4"


def test_nothing_is_read_after_the_root():
    sink = Sink()
    reader = XmlReader(sink)
    reader.feed(b"<a>x</a>")
    assert reader.done
    reader.feed(b"<b>y</b>")
    reader.finish()
    assert b"".join(sink.seen) == b"<a>x</a>" and reader.mends == 0


def test_depth_is_bounded():
    got, reader = read(b"<a>" * 0 + b"".join([b"<n%d>" % n for n in range(60)]) + b"x")
    assert got.count(b"<n") == DEPTH_MAX and got.count(b"</n") == DEPTH_MAX


def test_what_is_kept_between_two_pieces_is_bounded():
    for endless in (
        b"<" + b"a" * 50,
        b"<!--" + b"a" * 50,
        b"<a>&" + b"a" * 50,
        b"<a b='" + b"x" * 50,
        b'<a b="' + b"x" * 50,
        b"<![CDATA[" + b"x" * 50,
        b"<!DOCTYPE [" + b"x" * 50,
        b"<?xml " + b"x" * 50,
        b"</" + b"a" * 50,
    ):
        sink = Sink()
        reader = XmlReader(sink)
        reader.feed(endless)
        for _ in range(200):
            reader.feed(b"y" * 100)
            sink.seen = []
            assert len(reader._rest) <= TAG_MAX + 100, endless
        reader.finish()


def test_no_bytes_whatever_make_it_raise():
    words = (
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b"=",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&#x",
        b";",
        b"<?xml ",
        b"<!",
        b"\r",
        b"a",
        b"<b>",
        b"</b>",
        b"\xff",
        b"\n",
        b" ",
        b"<a ",
    )
    seed = 5
    for _ in range(300):
        document = b"<a>"
        for _ in range(12):
            seed = (seed * 1103515245 + 12345) & 0x3FFFFFFF
            document += words[(seed >> 8) % len(words)]
        whole, reader = read(document)
        for size in (1, 4):
            got, other = read(document, size)
            assert got == whole and other.mends == reader.mends, (document, got, whole)


ROW = b"<Row>\n<One>a</One>\n<Two>b</Two>\n</Row>\n"
# (children of the root, rows that are read in one where the document comes whole)
ROWS = (
    (ROW * 3, 2),
    (ROW * 2 + b"<Row><One>c</One><Two>d</Two></Row>" + ROW, 1),
    (ROW * 2 + b"  & text, not asked for\n" + ROW + b"<!-- " + ROW + b" -->" + ROW, 3),
    (ROW * 2 + b"<Row>\n<One>a &amp; b</One>\n<Two>&#99;&</Two>\n</Row>\n" + ROW, 2),
    (ROW * 2 + b"<Row>\n<One>a<x/>b</One>\n<Two><![CDATA[<Two>]]></Two>\n</Row>\n" + ROW, 2),
    (ROW * 2 + b"<Row>\n<One></One>\n<Two>b > c</Two>\n</Row>\n" + ROW, 3),
    (ROW * 2 + b"<Row>\n<One>a</one>\n<Two>b</Two>\n</Row>\n" + ROW, 2),
    (ROW * 2 + b"<Row>\n<One>a\n<Two>b</Two>\n</Row>\n" + ROW, 2),
    (ROW * 2 + b"<Row>\n<Two>b</Two>\n<One>a</One>\n</Row>\n" + ROW, 2),
    (b"<x>" + ROW * 3 + b"</x>" + ROW * 2, 1),  # below another element they are no rows
    (ROW * 2 + b"<x>" + ROW * 2 + b"</x>" + ROW, 2),
    (b"<Ro w>\n<One>a</One>\n<Two>b</Two>\n</Row>\n" * 2, 0),
    (b"<row>\n<One>a</One>\n<Two>b</Two>\n</row>\n" * 2, 0),
    (ROW * 2 + ROW[:-9], 1),
    (ROW * 2 + ROW[:20], 1),
    (b"", 0),
)


def test_rows_say_what_their_tags_would_say():
    for children, rows in ROWS:
        for document in (b"<a>\n" + children + b"</a>\n", b"<a>\n" + children):
            sink = RowSink()
            words, other = read(document, 1024, TagSink())
            got, reader = read(document, 1024, sink)
            assert (got, reader.mends, reader.first) == (words, other.mends, other.first), document
            assert sink.rows == rows, (document, sink.rows)
            for cut in range(1, len(document)):
                reader = XmlReader(RowSink())
                reader.feed(document[:cut])
                reader.feed(document[cut:])
                assert reader.done == (b"</a>" in document), (document, cut)
                reader.finish()
                got = b"".join(reader._sink.seen).replace(b"][", b"")
                assert (got, reader.mends, reader.first) == (words, other.mends, other.first), (document, cut)
            for size in (1, 3, 7):
                assert read(document, size, RowSink())[0] == words, (document, size)


def test_a_row_that_does_not_end_is_not_waited_for():
    reader = XmlReader(RowSink())
    reader.feed(b"<a>" + ROW * 2 + b"<Row>\n<One>")
    for _ in range(100):
        reader.feed(b"x" * 100)
        assert len(reader._rest) <= TAG_MAX + 100
    reader.feed(b"</One></a>")
    assert reader.mends == 1  # </a> ends the row, too
    assert reader.done


def test_strays_are_counted_one_by_one():
    runs = (b"&" * 300, 300), (b"&;" * 20, 0), (b"&amp;&&#1;& b", 2), (b"&123456789;&12345678;", 1)
    for run, count in runs:
        for size in (1024, 1):
            assert read(b"<a>" + run + b"</a>", size)[1].mends == count, (run, size)
