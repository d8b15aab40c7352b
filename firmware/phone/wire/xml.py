"""A push reader for service XML: bytes in by pieces, tags and text out, always lenient.

    reader = XmlReader(sink); reader.feed(view) ... ; reader.finish()

The sink has start(name, tag), text(data, literal), end(name), and `taking`, while which is False text is
passed over unread. `name` is bytes in lower case without a prefix, `tag` the whole start tag for
wire/tag.py, `data` a run of bytes of the page's own charset, its references (&amp;) still in it unless
`literal` (CDATA). Its `row` is the six tags of what comes again and again, parted by blanks: the reader
offers the two texts of such a one to take(data, data), and where that is False it comes as tags and text.

Pages in the wild are broken (services-xml.md section 15), so this is one pass that mends what it meets,
counts the mends and keeps line and column of the first; it never raises. It stops at the end of the first
root. Between two pieces it keeps an unfinished tag or row; nothing is recursive, no entity is expanded.

    TEXT --"<!--"--> SKIP to "-->" --> TEXT       likewise <? ?>  <% %>  <!DOCTYPE >  and CDATA
"""

from micropython import const

from phone.wire.tag import NAME_MAX, attribute, begins, learn_row, name_of, read_rows, special
from phone.wire.text import strays

DEPTH_MAX = const(16)  # service pages are three deep; what lies deeper is passed over
TAG_MAX = const(1400)  # bytes of one tag: a URL of 1024 in an attribute, and some air
_REFERENCE_MAX = const(10)  # bytes from & to ;, "&#x10FFFF;"
_ROOT_MIN = const(12)  # bytes: "CiscoIPPhone"
_SLASH = const(47)


class XmlReader:
    def __init__(self, sink):
        self.done = False  # the root is complete
        self.mends = 0
        self.first = ""  # a sentence about the first mend
        self.encoding = b""  # as the XML declaration says
        self._sink = sink
        self._open = []  # (name as written, plain name), root first
        self._row = ()  # what stands before, between and after the two texts of a row
        self._had_text = False  # the innermost element has text of its own
        self._had_child = False
        self._rest = b""
        self._until = b""  # what ends the thing that is being skipped
        self._over = False  # nothing more comes
        self.broken = False  # what is still open has lost its end tag
        self.base = 0  # elements around the page; below 0 while the sink looks for one
        self._line = self._column = 1  # of the first byte of self._rest
        self._data, self._at = b"", 0  # what is being looked at, and where

    def feed(self, view):
        """Take a piece of at most 1 KB."""
        if self.done:
            return
        data = self._data = self._rest + view
        at = 0
        while at < len(data) and not self.done:
            self._at = at
            if self._until:
                step = self._skip(data, at)
            elif data[at] == 60:  # <
                step = at
                if self._row and len(self._open) == 1 and not self._sink.taking:
                    step = read_rows(data, at, self._row, self._sink.take)
                if step < 0:  # a row is cut there: what is missing may come
                    step += len(data)
                    if len(data) - step < TAG_MAX and not self._over:
                        at = step
                        break
                if step == at:
                    step = self._plain_tag(data, at) or self._markup(data, at)
            else:
                step = self._text(data, at)
            if step == at:
                break  # what is left needs more bytes
            at = step
        self._line, self._column = self._place(data, at)
        self._rest = data[at:]
        self._data, self._at = b"", 0

    def finish(self):
        """The page has ended: close what is open. A root that was not closed is a mend."""
        self._over = True
        self.feed(b"")
        if self._rest[:1] != b"<" and self._until in (b"", b"]]>") and not self.done:
            self._tell(self._rest, 0, len(self._rest))
        if self._open and not self.done:
            self._mend("the page ends before </%s>", self._open[max(0, self.base)][0], b"", 0)
        self.broken = True
        while self._open:
            self._close()

    def found(self):
        """The element that the sink is told of begins the page, and ends it."""
        self.base = len(self._open) - 1

    def mend(self, what):
        """The sink has mended something, too; a sentence with the place."""
        self._mend(what + "%s", b"", self._data, self._at)

    def _mend(self, what, name, data, at):
        self.mends += 1
        if self.mends == 1:
            self.first = self.said(what, name, data, at)

    def said(self, what, name, data, at):
        """A sentence about a mend, with its place."""
        from phone.wire.telling import sentence  # nearly all pages need none

        return sentence(self._place(data, at), what, name)

    def _place(self, data, at):
        lines = data.count(b"\n", 0, at)
        return self._line + lines, at - data.rfind(b"\n", 0, at) if lines else self._column + at

    def _text(self, data, at):
        end = data.find(b"<", at)
        if end < 0:
            end = len(data)
            mark = data.rfind(b"&", max(at, end - _REFERENCE_MAX), end)  # may be half a reference
            if mark >= 0 and data.find(b";", mark) < 0 and not mark == at < end - _REFERENCE_MAX:
                end = mark
        self._tell(data, at, end)
        return end

    def _tell(self, data, at, end):
        """A run of text for the sink; each & in it that begins no reference is a mend."""
        if not self._open or end == at or not self._sink.taking:
            return
        run = data[at:end]
        count, first = strays(run)
        if count:
            self._mend("& stands for itself%s", b"", data, at + first)
            self.mends += count - 1
        self._had_text = self._had_text or not run.isspace()
        self._sink.text(run, False)

    def _plain_tag(self, data, at):
        """The quick way for nearly all: an end tag that fits, a start tag of letters only. 0: neither."""
        end = data.find(b">", at)
        name = data[at + 1 : end]
        if self._open and end > 0 and name == b"/" + self._open[-1][0]:
            self._close()
            return end + 1
        lower = name.lower()
        if end < 0 or not name.isalpha() or end - at > NAME_MAX or self._open and lower == self._open[-1][1]:
            return 0
        if len(self._open) == 1 and self._sink.row.startswith(data[at : end + 1]):
            self._row = learn_row(data, at, self._sink.row) or self._row
        self._begin(name, lower, name)
        return end + 1

    def _skip(self, data, at):
        """Within a comment, CDATA, declaration: up to its end, or all but what could begin it."""
        end = data.find(self._until, at)
        stop = end if end >= 0 else max(at, len(data) - len(self._until) + 1)
        if self._until == b"]]>" and self._open and stop > at and self._sink.taking:
            self._had_text = True
            self._sink.text(data[at:stop], True)
        if end < 0:
            return stop
        stop += len(self._until)
        self._until = b""
        return stop

    def _markup(self, data, at):
        """What begins with "<" at `at`; the place after it, or `at` where bytes are lacking."""
        if len(data) - at < 3 or len(data) - at < 9 and data.find(b">", at) < 0 and not self._over:
            return at
        if data[at + 1] not in b"!?%":
            return self._tag(data, at)
        until, size = special(data[at : at + TAG_MAX])
        if not until and len(data) - at < TAG_MAX:
            return at
        if data[at : at + 6].lower() == b"<?xml ":
            self.encoding = attribute(data[at : data.find(b">", at)], b"encoding").lower()
        self._until = until or b">"
        return at + size

    def _tag(self, data, at):
        if not begins(data[at + 2] if data[at + 1] == _SLASH else data[at + 1]):
            return self._no_tag(data, at)
        end = data.find(b">", at, at + TAG_MAX)
        if end > 0 and data.count(b'"', at, end) & 1:  # a > inside of a value
            quote = data.find(b'"', end)
            further = data.find(b">", quote, at + TAG_MAX) if quote > 0 else -1
            end = further if further > 0 or len(data) - at < TAG_MAX and not self._over else end
        if end < 0:
            if len(data) - at < TAG_MAX:
                return at
            self._mend("a tag is too long%s", b"", data, at)
            self._until = b">"
            return at + 1
        after = end + 1
        other = data.find(b"<", at + 1, end)
        if other > 0 and not data.count(b'"', at, other) & 1:
            self._mend("a tag without its >%s", b"", data, at)
            end = after = other
        if data[at + 1] == _SLASH:
            self._end(data[at + 2 : end].split(None, 1)[0][:NAME_MAX], data, at)
        else:
            self._start(data[at + 1 : end], data, at)
        return after

    def _no_tag(self, data, at):
        """A "<" that begins no markup is text, and so is what follows up to one that does."""
        self._mend("< stands for itself%s", b"", data, at)
        after = at + 1
        mark = data.find(b"<", after)
        while 0 <= mark < len(data) - 1 and not begins(data[mark + 1]) and data[mark + 1] not in b"/!?%":
            self.mends += 1
            after = mark + 1
            mark = data.find(b"<", after)
        self._tell(data, at, after)
        return after

    def _start(self, tag, data, at):
        name = name_of(tag)
        plain = name[name.rfind(b":") + 1 :].lower()  # without a prefix
        if self._open and plain == self._open[-1][1] and (self._had_text or self._had_child):
            self._mend("<%s> is opened twice", name, data, at)
            twice = self._had_text and not self._had_child
            self._close()
            if twice or self.done:  # meant as the end tag: <Name>Anna<Name>
                return
        self._begin(name, plain, tag)
        if tag[-1] == _SLASH and self._open[-1][0] is name:
            self._close()

    def _begin(self, name, plain, tag):
        if len(self._open) < DEPTH_MAX:
            self._open.append((name, plain))
            self._had_text = self._had_child = False
            self._sink.start(plain, tag)

    def _end(self, name, data, at):
        if not self._open or name != self._open[-1][0]:
            self._mend("</%s> does not fit", name, data, at)
        plain = name[name.rfind(b":") + 1 :].lower()
        depth = len(self._open)
        while depth and self._open[depth - 1][1] != plain:
            depth -= 1
        if not depth and len(plain) > _ROOT_MIN and self._open and self._open[0][1].startswith(plain):
            depth = 1  # the root ran into its first attribute
        while depth and len(self._open) >= depth:  # what is open within it ends with it
            self._close()

    def _close(self):
        plain = self._open.pop()[1]
        self._had_text, self._had_child = False, True
        self._sink.end(plain)
        self.done = self.done or len(self._open) == self.base
