"""The window of a Status: a line of text with a timer, and a picture, over whatever page is on screen.

It stands below the title until a new one comes or somebody clears it (Init:AppStatus); no key reaches it.
On a small display the picture waits for the idle screen: the page below needs the rows.
"""

from phone.ui.layout import Band
from phone.ui.place import put
from phone.ui.view import View

INLINE, FILE = (106, 21), (262, 50)  # panes of services-xml.md section 2
_SECOND_MS = 1000


class StatusView(View):
    """`record`: rare.py Status."""

    floats = True

    def __init__(self, record, theme, context):
        View.__init__(self, "", "", None, context)
        self._theme = theme
        self._text = record.text
        self._timer = record.timer
        self._due = 0 if record.timer >= 0 else None
        self._began = None
        self._clock = ""
        self._at = record.x, record.y
        self._wanted = "" if record.picture else record.url
        self._pane = FILE if self._wanted else INLINE
        high = 2 if record.picture or theme.compact else 3
        self._area = theme.width, high * theme.row_height
        self._picture = self._stand = None
        if record.picture:
            self.picture(0, record.picture, "")

    def wants(self):
        return [(0, self._wanted)] if self._wanted else []

    def fit(self, index, width, height):
        found = self._placed(width, height)
        return (found.width, found.height) if found.factor == 1 else (width, height)

    def picture(self, index, picture, said):
        """Where it cannot be shown the text has to do."""
        self._wanted = ""
        self._picture = picture
        self._stand = picture and self._placed(picture.width, picture.height)

    def _placed(self, width, height):
        wide, high = self._area
        reach = max(self._pane[0], width), max(self._pane[1], height)
        factor = max(1, min(wide // reach[0], high // reach[1]))
        scale = factor, 1
        if width > wide or height > high:
            scale = (wide, width) if wide * height <= high * width else (high, height)
        pane = min(reach[0], wide), min(reach[1], high)
        return put(pane, self._area, scale, self._at[0], self._at[1], (width, height), factor, False)

    def deadline(self):
        return self._due

    def tick(self, now):
        if self._due is None or now < self._due:
            return None
        if self._began is None:
            self._began = now
        passed = (now - self._began) // _SECOND_MS
        self._due = self._began + (passed + 1) * _SECOND_MS
        seconds = self._timer + passed
        hours = "%d:" % (seconds // 3600) if seconds >= 3600 else ""
        self._clock = hours + ("%02d:%02d" if hours else "%d:%02d") % (seconds // 60 % 60, seconds % 60)
        return None

    def float(self, idle):
        """What Screen.window is; `idle`: no page is on screen."""
        line = self._text or self._clock
        picture = self._picture and (idle or not self._theme.compact)
        if not line and not picture:
            return ()
        parts = (self._picture, self._stand, 0, (), "") if picture else None
        high = self._area[1] if picture else 0
        return {"text": self._text, "timer": self._clock}, parts, self._theme.row_height if line else 0, high


def over(screen, out, y, limit):
    """Add the Bands of a window, as far as there is room up to `limit`; where the page goes on below them."""
    told, picture, line, height = screen.window
    palette = "busy" if screen.kind == "idle" else ""  # not that of a selected row below it
    if line and y + line <= limit:
        out.append(Band(y, line, "status", palette, ("", told["text"], told["timer"])))
        y += line
    if picture and y + height <= limit:
        from phone.ui.paint_picture import draw

        out.append(Band(y, height, draw, "prompt", picture))
        y += height
    return y
