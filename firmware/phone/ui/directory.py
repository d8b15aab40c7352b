"""A directory: names with their numbers, one of which is dialled, or put into the editor first."""

from phone.phrases import phrase
from phone.records import name_and_url
from phone.ui.bar import bar_for
from phone.ui.defaults import CANCEL, DIRECTORY
from phone.ui.menu import MenuView
from phone.ui.screen import Intent, Row

DIAL, EDIT = "Dial:", "EditDial:"
_SEARCH = (phrase("Search"), Intent("search", ""))


class DirectoryView(MenuView):
    """`record`: rare.py Directory."""

    def __init__(self, record, theme, title, context):
        MenuView.__init__(self, record, theme, title, context)
        self.bar = bar_for(record.softkeys, DIRECTORY)
        if CANCEL in self.bar.keys and context and context.service == "directory":
            self.bar.keys = self.bar.keys[:2] + (_SEARCH,) + self.bar.keys[2:]

    before = DIAL

    @property
    def link(self):
        number = name_and_url(self.items[self.selected])[1] if self.items else ""
        return DIAL + number if number else ""

    def _row(self, index):
        if index == len(self.items):
            return MenuView._row(self, index)
        name, number = name_and_url(self.items[index])
        n = index + 1 if number else 0
        return Row(n, name or number, number if name else "", None)

    def key(self, key, now):
        if key == "editdial":
            url = self.link
            return Intent("open", EDIT + url[len(DIAL) :]) if url else None
        return MenuView.key(self, key, now)

    def _choose(self):
        intent = MenuView._choose(self)
        return Intent("open", DIAL + intent.value) if intent else None
