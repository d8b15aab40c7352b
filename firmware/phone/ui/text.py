"""A page of text: paragraphs are wrapped to lines, and the window of visible lines moves.

Up and down scroll by a line, left and right by a screen (one line stays in sight), digit n
goes to the n-th screen.

A line is kept as one small int, number of the paragraph * PLACE + place of its first character,
so that the text is in memory once. Wrapping is work in steps: whoever has time calls work();
show() and key() finish it first.
"""

from micropython import const

from phone.phrases import phrase
from phone.ui.bar import BACK, EXIT, UPDATE, bar_for
from phone.ui.font import TAB
from phone.ui.screen import Row
from phone.ui.view import View

PLACE = const(8192)  # above the longest text of a page (4000 characters), and both fit in 31 bits
# A list of a thousand entries is 4 KB, the largest block a small board can be asked for.
LINES = const(1000)
STEP = const(6)  # lines wrapped in one step of work: about 200 characters, some 0.1 ms


class TextView(View):
    """`record`: records.Text. `title` is shown where the record has none."""

    def __init__(self, record, theme, title, context, bar=None):
        bar = bar or bar_for(record.softkeys, (EXIT, UPDATE, BACK))
        View.__init__(self, record.title or title, record.prompt, bar, context)
        self._paragraphs = record.paragraphs
        if record.mends.cut:
            self._paragraphs += (theme.say(phrase("(cut: %s)", record.mends.cut)),)
        self.weight = sum([1 + len(block) // 40 + block.count("\n") for block in record.paragraphs])
        self._font = theme.text_font
        self._width = theme.text_width
        self._lines = []
        self._paragraph = -1  # the one that is being wrapped
        self._breaks = None  # its generator of line starts
        self._first = 0
        self._count = theme.rows

    def work(self):
        for _ in range(STEP):
            if self._paragraphs is None or len(self._lines) >= LINES:
                return False
            start = next(self._breaks, None) if self._breaks else None
            if start is not None and start < PLACE:
                self._lines.append(self._paragraph * PLACE + start)
                continue
            self._paragraph += 1
            if self._paragraph >= len(self._paragraphs):
                self._breaks = None
                return False
            self._breaks = self._font.breaks(self._paragraphs[self._paragraph], self._width)
        return True

    def _line(self, index):
        place = self._lines[index]
        start, number = place % PLACE, place // PLACE
        end = PLACE
        if index + 1 < len(self._lines) and self._lines[index + 1] // PLACE == number:
            end = self._lines[index + 1] % PLACE
        return self._paragraphs[number][start:end].rstrip().replace("\t", TAB)

    def show(self, count, status):
        while self.work():
            pass
        self._count = count
        total = len(self._lines)
        self._first = max(0, min(self._first, total - count))
        last = min(self._first + count, total)
        rows = tuple([Row(0, self._line(i), "", None) for i in range(self._first, last)])
        return "text", self.title, rows, self._first, total, -1

    def resume(self, old):
        self._first = old._first
        if self._paragraphs == old._paragraphs:  # its lines are wrapped, or about to be
            self._lines, self._paragraph, self._breaks = old._lines, old._paragraph, old._breaks
        return True

    def end(self):
        """Show the last lines."""
        self._first = LINES

    def key(self, key, now):
        while self.work():
            pass
        page = max(1, self._count - 1)
        if key == "up":
            self._first -= 1
        elif key == "down":
            self._first += 1
        elif key == "left":
            self._first -= page
        elif key == "right":
            self._first += page
        elif key in ("1", "2", "3", "4", "5", "6", "7", "8", "9"):
            self._first = (int(key) - 1) * page
        self._first = max(0, min(self._first, len(self._lines) - self._count))
        return None
