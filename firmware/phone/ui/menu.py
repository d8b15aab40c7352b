"""A page of items: one is selected, a number chooses.

With at most nine items a digit chooses at once. With more, the digits of a number are gathered:

    idle ──digit──> gathering (the selection is there already) ──number complete, or 1 s──> choose
     ^                  │
     └── other key ─────┘

A number is complete when no further digit could follow it; until then it stands before the title.
"""

from micropython import const

from phone.phrases import phrase
from phone.records import name_and_url
from phone.ui.bar import BACK, EXIT, SELECT, bar_for
from phone.ui.screen import Intent, Row
from phone.ui.view import View

GATHER_MS = const(1000)  # the pause between two digits of a number on a telephone keypad


class MenuView(View):
    """`record`: records.Menu. `title` is shown where the record has none."""

    before = ""  # what makes a link of what an item has

    def __init__(self, record, theme, title, context):
        bar = bar_for(record.softkeys, (SELECT, EXIT, BACK))
        View.__init__(self, record.title or title, record.prompt, bar, context)
        self.items = record.items
        self.weight = len(record.items)
        cut = record.mends.cut
        if not (cut or record.items):  # a search that found nobody looks so
            self._cut = theme.say(phrase("(empty)"))
        else:
            self._cut = theme.say(phrase("(cut: %s)", cut)) if cut else ""
        self._total = len(record.items) + (1 if self._cut else 0)
        self.selected = 0 if record.items else -1
        self._first = 0
        self._count = theme.rows
        self._number, self._due = 0, None

    def show(self, count, status):
        self._count = count
        self._follow()
        last = min(self._first + count, self._total)
        rows = tuple([self._row(i) for i in range(self._first, last)])
        title = "%s %s" % (str(self._number) + "_", self.title) if self._due else self.title
        return "menu", title, rows, self._first, self._total, self._place()[0]

    @property
    def link(self):
        return name_and_url(self.items[self.selected])[1] if self.items else ""

    def select(self, row):
        self._move(row)

    def resume(self, old):
        """The item that was selected stays so, wherever it stands now."""
        index, self._first = old.selected, old._first
        same = self.items == old.items
        if same:
            self._number, self._due = old._number, old._due
        elif index >= 0 and old.items[index] in self.items:
            index = self.items.index(old.items[index])
            self._first += index - old.selected
        if self.items:
            self._move(index)
        return same

    def _row(self, index):
        if index == len(self.items):
            return Row(0, self._cut, "", None)
        name, url = name_and_url(self.items[index])
        return Row(index + 1 if url else 0, name, "", None)

    def _place(self):
        """First and last row of what is selected."""
        return self.selected, self.selected

    def _follow(self):
        """Scroll so that the selection is visible; the remark about a cut comes with the last item."""
        if not self._count:  # a long notice covers the rows
            return
        top, low = self._place()
        if self.selected == len(self.items) - 1 and self._cut:
            low = self._total - 1
        if low >= self._first + self._count:
            self._first = low - self._count + 1
        if top < self._first:
            self._first = max(0, top)
        self._first = max(0, min(self._first, self._total - self._count))  # the window may have grown

    def _move(self, index):
        self.selected = max(0, min(index, len(self.items) - 1))

    def key(self, key, now):
        digit = key in ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
        if now < self.blind and (digit or key in ("select", "dial")):  # aimed at what stood there before
            return None
        if digit:
            return self._digit(int(key), now)
        self.settle()
        if not self.items:
            return None
        if key == "up":
            self._move(self.selected - 1)
        elif key == "down":
            self._move(self.selected + 1)
        elif key == "left":
            self._move(self.selected - max(1, self._count))
        elif key == "right":
            self._move(self.selected + max(1, self._count))
        elif key == "select" or key == "dial":  # its items may be numbers
            return self._choose()
        elif key == "search" and self.context:
            return Intent("search", "")
        return None

    def _digit(self, digit, now):
        total = len(self.items)
        number = 10 * self._number + digit
        if number > total:  # no such number: the digit begins a new one
            number = digit
        if not 1 <= number <= total:
            self.settle()
            return None
        self._move(number - 1)
        if 10 * number > total:
            return self._choose()
        self._number, self._due = number, now + GATHER_MS
        return None

    def _choose(self):
        self.settle()
        name, url = name_and_url(self.items[self.selected])
        if not url:  # a placeholder such as "No contacts"
            return None
        self.chosen = name
        return Intent("open", url)

    def settle(self):
        self._number, self._due = 0, None

    def deadline(self):
        return self._due

    def tick(self, now):
        if self._due is None or now < self._due:
            return None
        return self._choose()
