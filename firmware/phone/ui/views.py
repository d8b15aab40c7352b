"""Which view shows which record."""

from phone import records
from phone.ui.menu import MenuView
from phone.ui.note import NoteView
from phone.ui.text import TextView

_KEYS = (("Exit", "exit"), ("Back", "back"))


def page_view(record, theme, title, context):
    """The view of a page. `title` is for a record that has none; `context` is the caller's own."""
    kind = type(record)
    if kind is records.Menu:
        return MenuView(record, theme, title, context)
    if kind is records.Text:
        return TextView(record, theme, title, context)
    if kind is records.Error:
        said = record.text or "The server gave no further word."
        return NoteView("Error %s" % record.number, (said,), _KEYS, theme, context)
    return NoteView(title, (record.why,), _KEYS, theme, context)
