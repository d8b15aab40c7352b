"""A menu with icons beside its items: pixels of the page, pictures of files, or the phone's own."""

from phone.records import more_of
from phone.ui.lines import LinesView
from phone.ui.screen import Row

_FILE = 18  # width and height of an icon that is a file (services-xml.md section 2)


class IconMenuView(LinesView):
    """`record`: rare.py IconMenu. An item without an icon, or whose icon is not there, has its text where the
    others have theirs.
    """

    def __init__(self, record, theme, title, context):
        LinesView.__init__(self, record, theme, title, context)
        self._most = theme.row_height - 1  # a line of paper between icons
        self.given = record.icons
        self._icons, self._wanted = {}, {}
        self._column = 0  # its width
        files = False
        for icon in record.icons:
            if icon.picture:
                self.picture(icon.index, icon.picture, "")
            else:
                files = True
        if files:
            used = [more_of(item) for item in record.items]
            self._wanted = {icon.index: icon.url for icon in record.icons
                            if not icon.picture and str(icon.index) in used}
            if self._wanted:
                self._column = max(self._column, min(_FILE, self._most))  # so that no text moves

    def wants(self):
        return sorted(self._wanted.items())

    def fit(self, index, width, height):
        most = self._most
        if height > most:
            width, height = max(1, width * most // height), most
        return min(width, 2 * most), height

    def picture(self, index, picture, said):
        """A picture that cannot be shown is no icon, and the item can be chosen as before."""
        self._wanted.pop(index, None)
        if picture:
            self._icons[str(index)] = picture
            width = picture.width * (2 if 2 * picture.height <= self._most else 1)
            self._column = max(self._column, min(width, 2 * self._most))

    def resume(self, old):
        if old.given == self.given:  # or they would flicker on a page that comes again each second
            self._icons, self._wanted, self._column = old._icons, old._wanted, old._column
        return LinesView.resume(self, old)

    def _row(self, index):
        row = LinesView._row(self, index)
        item = self._item(index)
        begins = index == self._tops[item] and item < len(self.items)
        icon = self._icons.get(more_of(self.items[item])) if begins else None
        factor = 2 if icon and 2 * icon.height <= self._most else 1
        return Row(row.n, row.text, row.aside, (icon, factor, self._column))
