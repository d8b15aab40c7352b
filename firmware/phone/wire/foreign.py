"""Bodies that do not begin as a page does: marks of byte order, UTF-16, plain text, web pages.

What a phone makes of text/plain and text/html is a Text without title (services-xml.md section 1); a page
that comes under their names, as PHP sends it by itself, is a page.
"""

from micropython import const

from phone.records import Text
from phone.wire.text import append

_MARKS = const(3)  # bytes of the longest mark
_HEAD = const(40)  # bytes after which a body that calls itself text is known for a page: its root has begun
_BREAKS = b" br p div tr li h1 h2 h3 h4 h5 h6 table ul ol dl dt dd hr pre form option title "
_UNSEEN = (b"script", b"style", b"noscript", b"template")


class Foreign:
    """Between what comes and the reader of pages; feed() gives what is for XmlReader."""

    def __init__(self, page):
        self._page = page
        self._order = None  # of bytes: "" where it is not UTF-16, None where that is not known yet
        self._rest = b""
        self._lead = 0  # half of a pair of UTF-16
        self._head = b""  # what is not known yet for text or a page; None once it is
        self._plain = False

    def feed(self, view):
        data = bytes(view)
        if self._order is None:
            data = self._head + data
            self._head = data
            if len(data) < _MARKS:
                return b""
            data = self._marked()
        if self._order:
            data = self._narrow(data)
        if self._head is not None:
            self._head += data
            if self._page.kind in ("text/plain", "text/html") and len(self._head.lstrip()) < _HEAD:
                return b""
            data = self._known()
        if not self._plain:
            return data
        self._page.lines.add(data, True, self._page.charset)
        self._page.done = self._page.lines.full
        return b""

    def finish(self):
        """What was kept back, for XmlReader."""
        if self._head is None:
            return b""
        if self._order is None:
            self._head = self._marked()
        data = self._known()
        if self._plain:
            self._page.lines.add(data, True, self._page.charset)
        return b"" if self._plain else data

    def _marked(self):
        """Look for a mark of byte order, which outdoes all other words of the charset; what is behind it."""
        page, data = self._page, self._head
        self._head, self._order = b"", ""
        if data.startswith(b"\xef\xbb\xbf"):
            page.charset = b"utf-8"
            return data[3:]
        for order, mark in (("little", b"\xff\xfe"), ("big", b"\xfe\xff")):
            if data.startswith(mark):
                self._order = order
                data = data[2:]
        if data[:1] == b"\0":
            self._order = "big"
        if self._order:
            page.charset = b"utf-8"
        return data

    def _narrow(self, data):
        """UTF-16 as UTF-8."""
        data = self._rest + data
        self._rest = data[len(data) & ~1 :]
        high = 0 if self._order == "big" else 1
        out = bytearray()
        for at in range(0, len(data) & ~1, 2):
            code = data[at + high] << 8 | data[at + 1 - high]
            if 0xD800 <= code < 0xDC00:
                self._lead = code
            elif 0xDC00 <= code < 0xE000:
                if self._lead:
                    append(out, 0x10000 + (self._lead - 0xD800 << 10) + code - 0xDC00)
                self._lead = 0
            else:
                append(out, code)
        return bytes(out)

    def _known(self):
        """Decide what the head begins."""
        page, data = self._page, self._head
        self._head = None
        start = data.lstrip()[:_HEAD].lower()
        if page.kind == "text/plain" and start and not start.startswith(b"<"):
            page.object = Text
            self._plain = True
        elif page.kind == "text/html" and b"ipphone" not in start and start[:2] not in (b"<!", b"<?", b"<%"):
            if start and not start.startswith(b"<html"):  # a piece of one
                return b"<html>" + data
        return data


class Html:
    """A web page as the text in it: in the place of `more` of a PageReader."""

    def __init__(self, page):
        self._page = page
        self._gap = False  # white space before what comes
        self._fresh = True  # at the beginning of a line
        self._unseen = b""  # name of what is open and no text

    def start(self, name, tag):
        page = self._page
        if b"ipphone" in name and self._is_page(name, tag):
            return b"-"
        if name in _UNSEEN or self._unseen and name != b"body":
            self._unseen = self._unseen or name
            page.taking = b""
            return b"-"
        self._unseen = b""
        self._break(name)
        if name == b"title":
            return name
        if page.taking != b"title":
            page.taking = b"text"
        return b"-"

    def text(self, data):
        if self._page.taking != b"text":
            return data
        words = b" ".join(data.split())
        if not words:
            self._gap = True
            return b""
        if (self._gap or data[:1].isspace()) and not self._fresh:
            words = b" " + words
        self._gap, self._fresh = data[-1:].isspace(), False
        return words

    def end(self, name):
        if name == b"title" or name == self._page.taking:
            return name
        if self._unseen and name != self._unseen:
            return b"-"
        self._unseen = b""
        self._break(name)
        if self._page.taking != b"title":
            self._page.taking = b"text"
        return b"-"

    def _is_page(self, name, tag):
        """Whether there is a page in the web page after all, which is read then."""
        from phone.wire.lines import Lines
        from phone.wire.makers import RECORDS
        from phone.wire.objects import begin, kind_of

        if kind_of(name, tag)[0] not in RECORDS:
            return False
        page = self._page
        page.lines, page.fields, page.taking, page.more, page.object = Lines(), {}, b"", None, None
        page.xml.base = -1
        begin(page, name, tag)
        return True

    def named(self, name):
        """As More of wire/objects.py: nothing has another name."""
        return name

    def _break(self, name):
        if b" %s " % name in _BREAKS:
            if not self._fresh:
                self._page.lines.add(b"\n", True, self._page.charset)
            self._gap, self._fresh = False, True
