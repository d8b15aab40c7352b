"""The lines of a Text, as its body arrives: each CR, LF or CRLF ends one, written as references too.

Short lines stand together in one str, parted by "\\n": a str for each would take twice the memory.
"""

from micropython import const

from phone.wire.text import decode

TEXT_MAX = 4000  # characters of the vocabulary (services-xml.md section 2)
LINE_MAX = const(1000)  # a longer line is broken, so that no str is above 4 KB
BLOCK_MAX = const(400)
LINES_MAX = const(400)  # a full Text has 250


class Lines:
    def __init__(self):
        self.full = False  # something was left out
        self._blocks = []
        self._room = TEXT_MAX
        self._count = 0
        self._line = bytearray()  # the one that is not over yet

    def add(self, data, literal, charset):
        """A run of the body. `literal`: it has no references."""
        if literal:
            data = data.replace(b"&", b"&amp;")
        elif b"&#1" in data:
            data = data.replace(b"&#13;&#10;", b"\n").replace(b"&#13;", b"\n").replace(b"&#10;", b"\n")
        if self._line[-1:] == b"\r":  # the LF may have come by now
            data = bytes(self._line[:-1]) + (b"" if data.startswith(b"\n") else b"\n") + data
            self._line = bytearray()
        held = b"\r" if data.endswith(b"\r") else b""
        data = data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if self._room <= 0 or self._count >= LINES_MAX:  # no line more: there is no need to look for one
            self.full = self.full or bool(data.strip()) or bool(self._line.strip())
            return
        if not self._blocks and not self._line:
            data = data.lstrip(b"\n")
        at = end = 0
        while end >= 0:  # split() would want 8 KB where nothing but line breaks comes
            end = data.find(b"\n", at)
            self._line.extend(data[at:] if end < 0 else data[at:end])
            while len(self._line) > LINE_MAX:
                place = bytes(self._line[:LINE_MAX]).rfind(b" ")
                place = place if place > 0 else LINE_MAX
                rest = self._line[place:]
                self._line = self._line[:place]
                self._end(charset)
                self._line = bytearray(rest)
            if end >= 0:
                self._end(charset)
            at = end + 1
        self._line.extend(held)

    def take(self, charset):
        """The text as a tuple of str, without blank lines at its ends."""
        if self._line:
            self._end(charset)
        blocks, self._blocks = self._blocks, []
        while blocks and not blocks[-1].rstrip():
            blocks.pop()
        if blocks:
            blocks[-1] = blocks[-1].rstrip()
        return tuple(blocks)

    def _end(self, charset):
        raw, self._line = bytes(self._line), bytearray()
        line = decode(raw, charset).rstrip() if self._room > 0 else ""
        if not line and not self._blocks:
            return  # blank lines before the text
        if len(line) > self._room:
            line = line[: max(0, self._room)]
            self._room = 0
            self.full = True
            if not line:
                return
        if (self._room <= 0 or self._count >= LINES_MAX) and raw.strip():
            self._room = 0
            self.full = True
            return
        self._count += 1
        self._room -= len(line) + 1
        if self._blocks and len(self._blocks[-1]) + len(line) < BLOCK_MAX:
            self._blocks[-1] += "\n" + line
        else:
            self._blocks.append(line)
