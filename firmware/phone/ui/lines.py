"""A menu with names of several lines: each takes as many rows, and all of them are selected together."""

from micropython import const

from phone.ui.menu import MenuView
from phone.ui.screen import Row

_LINES_MAX = const(3)  # of a name (services-xml.md section 2); more go with the third


class LinesView(MenuView):
    """`record`: as of MenuView; "\\n" parts the lines of a name."""

    def __init__(self, record, theme, title, context):
        MenuView.__init__(self, record, theme, title, context)
        self._tops = [0]  # the first row of each item, and of what would come next
        for item in record.items:
            self._tops.append(self._tops[-1] + min(_LINES_MAX, 1 + item.count("\n", 0, item.find("\0"))))
        self._total += self._tops[-1] - len(record.items)

    def _place(self):
        if not self.items:
            return -1, -1
        return self._tops[self.selected], self._tops[self.selected + 1] - 1

    def _item(self, row):
        """The number of the item that has this row."""
        low, high = 0, len(self.items) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self._tops[middle] <= row:
                low = middle
            else:
                high = middle - 1
        return low

    def _row(self, index):
        if index >= self._tops[-1]:
            return MenuView._row(self, len(self.items))
        item = self._item(index)
        row = MenuView._row(self, item)
        place = index - self._tops[item]
        text = row.text.split("\n", _LINES_MAX - 1)[place].replace("\n", " ")
        return Row(-1 if place else row.n, text, "", None)

    def key(self, key, now):
        if key not in ("left", "right") or not self.items:
            return MenuView.key(self, key, now)
        self.settle()
        row = self._tops[self.selected] + (self._count if key == "right" else -self._count)
        index = self._item(max(0, row))
        if index == self.selected:  # it is taller than the screen
            index += 1 if key == "right" else -1
        self._move(index)
        return None

    def _choose(self):
        intent = MenuView._choose(self)
        self.chosen = self.chosen.replace("\n", " ")
        return intent
