"""A page that is a picture, and a menu whose items are places on one.

Where a picture is a menu a key chooses: 1 to 9, then * 0 # as on other phones, and two digits where there are
more than twelve items. Items with a touch area are outlined and numbered on the picture; arrows go to the
nearest one. Until the picture is there, and where it cannot be shown, the items are a menu like any other.
"""

from phone.phrases import phrase
from phone.records import more_of, name_and_url
from phone.ui.bar import BACK, EXIT, UPDATE, bar_for
from phone.ui.menu import MenuView
from phone.ui.place import FILE, INLINE, area_of, area_on, nearest, place, reach
from phone.ui.screen import Row

_KEYS = "123456789*0#"  # of the items, where they are enough
# Bytes of a picture of a file that weigh as much as a row: boards that unpack them have room, and the pages
# behind are worth more; where it is short they go (Stack.trim).
_LIGHT = 2000
_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class PictureView(MenuView):
    """`record`: rare.py Image. `title` is shown where the record has none."""

    def __init__(self, record, theme, title, context):
        MenuView.__init__(self, record, theme, title, context)
        self.bar = bar_for(record.softkeys, (EXIT, UPDATE, BACK))
        self._theme = theme
        self._at = record.x, record.y
        self._wanted = "" if record.picture else record.url
        self._pane = FILE if self._wanted else INLINE
        self._areas = [area_of(more_of(item)) for item in record.items]
        self._far = reach(self._areas)
        self._has_prompt = bool(record.prompt or record.items)  # the name of an item stands there
        if not any(self._areas):
            self.selected = -1
        self._said = phrase("Loading the picture ...") if self._wanted else phrase("There is no picture.")
        self._size = None  # of the picture, before it was scaled down
        self._picture = self._found = self._steps = None
        self._down = 0  # pixels that are out of sight above
        if record.picture:
            self.picture(0, record.picture, "")

    def wants(self):
        return [(0, self._wanted)] if self._wanted else []

    def fit(self, index, width, height):
        self._size = width, height
        found = self._placed()
        return (found.width, found.height) if found.factor == 1 else self._size

    def picture(self, index, picture, said):
        self._wanted = ""
        self._picture, self._steps = picture, None
        if not picture:
            self._said = said
            return
        self._size = self._size or (picture.width, picture.height)
        found = self._found = self._placed()
        width, height = (found.width, found.height) if found.factor == 1 else self._size
        weight = sum([len(strip) for strip in picture.strips])
        self.weight = len(self.items) + weight // (100 if self._pane is INLINE else _LIGHT)
        if picture.width > width or picture.height > height:
            from phone.ui.shrink import shrink

            self._steps = shrink(picture, min(width, picture.width), min(height, picture.height))

    def _placed(self):
        x, y = self._at
        return place(self._theme, self._has_prompt, self._pane, x, y, self._size, self._far)

    @property
    def link(self):
        return name_and_url(self.items[self.selected])[1] if self.selected >= 0 else ""

    def work(self):
        if not self._steps:
            return False
        made = next(self._steps, self._picture)  # that, where memory ran out in the middle of it
        if made:
            self._picture, self._steps = made, None
        return True

    def show(self, count, status):
        while self.work():
            pass
        if not self._picture:
            self.extra = ()
            if self.items:
                return MenuView.show(self, count, status)
            lines = self._theme.text_font.wrap(self._theme.say(self._said), self._theme.text_width)[:count]
            return "text", self.title, tuple([Row(0, line, "", None) for line in lines]), 0, len(lines), -1
        regions = tuple([(self._label(i),) + area_on(self._found, self._areas[i])
                         for i in range(len(self.items)) if self._areas[i]])
        chosen = self._label(self.selected) if self.selected >= 0 else ""
        told = {"x": self._found.x, "y": self._found.y - self._down, "width": self._found.width,
                "height": self._found.height, "areas": regions}
        self.extra = told, (self._picture, self._found, self._down, regions, chosen)
        rows = tuple([self._row(i) for i in range(len(self.items))])
        return "picture", self.title, rows, 0, len(rows), self.selected

    def _label(self, index):
        return _KEYS[index : index + 1] if len(self.items) <= len(_KEYS) else str(index + 1)

    def key(self, key, now):
        if key in _ARROWS and self._picture:
            self.settle()
            self._go(*_ARROWS[key])
            return None
        if key == "select" and self.selected < 0:
            return None
        index = _KEYS.find(key) if len(self.items) <= len(_KEYS) else -1
        if index < 0:
            intent = MenuView.key(self, key, now)
            if self._due:  # half a number
                self.prompt = "%d_" % self._number
            return intent
        if index >= len(self.items) or now < self.blind:
            return None
        self._point(index)
        return self._choose()

    def _point(self, index):
        """Have the selection there, and say where it is."""
        self._move(index)
        self.prompt = "%s  %s" % (self._label(self.selected), name_and_url(self.items[self.selected])[0])

    def _go(self, across, down):
        """To the nearest region there; through the items where none has a region; else down the picture."""
        if not any(self._areas):
            if self._found.below:
                step = self._theme.row_height
                self._down = max(0, min(self._down + down * step, self._found.below))
            elif self.items:
                self._point(self.selected + across + down)
            return
        here = self._areas[self.selected] if self.selected >= 0 else None
        there = nearest(self._areas, here, across, down)
        if there is not None:
            self._point(there)

    def resume(self, old):
        """The old picture stays on screen until the new one is there."""
        same = MenuView.resume(self, old)
        if not self._picture and old._picture:
            self._picture, self._found = old._picture, old._found
            self._steps, self._down = old._steps, old._down
        return same
