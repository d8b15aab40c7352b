"""What the display shows, as data: the drawing and the text of the panel link come from this.

Views make a Screen, the painter draws it, docs/panel.md describes it.
"""

from collections import namedtuple

# kind: "idle", "menu", "text", or one that `extra` belongs to: "form", "picture". extra: () for others, else
# (what the panel link tells of it, as JSON takes it; what the painter needs). rows: tuple of Row, the visible
# ones only. first, total, selected count rows from 0; selected is -1 where nothing is. softkeys: tuple of
# four str. window: () or, over the page, (what the panel link tells of it, parts of its picture or None,
# height of its line or 0, height of its picture or 0).
Screen = namedtuple(
    "Screen",
    ("kind", "mark", "label", "clock", "title", "rows", "first", "total", "selected")
    + ("prompt", "busy", "softkeys", "extra", "window"),
)

# n is the number whose digits choose the row, 0 where none does, -1: it goes on with the row above. aside:
# str at its right end. icon: before the text, (Picture of rare.py or None, how many times as large, width of
# the column of icons), or None on a page without icons.
Row = namedtuple("Row", ("n", "text", "aside", "icon"))

# What every screen is told by the agent. mark, label, clock: the status bar. date: in words, "" while
# unknown. name: the phone's own. home: a sentence such as "Served by A". messages: how many wait; -1: some.
Status = namedtuple("Status", ("mark", "label", "clock", "date", "name", "home", "messages"))

# What a key press means; the verbs are listed in ui/stack.py.
Intent = namedtuple("Intent", ("verb", "value"))

PRIMARY, BACKUP, NONE = "\u25cf", "\u25b2", "\u2715"
STALE = "\u25f7"  # stands before the title of a page that no server gave just now
NO_KEYS = ("", "", "", "")
