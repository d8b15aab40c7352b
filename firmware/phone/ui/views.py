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


def trouble_view(result, title, theme):
    """A Result without a page (core/result.py): what is the matter, and a softkey for each of its offers."""
    offers = result.offers
    keys = [("Again", "again")] if "again" in offers else []
    if "elsewhere" in offers:
        keys.append(("Try " + offers["elsewhere"].pointer.label, "elsewhere"))
    keys += [("Exit", "exit"), ("Back", "back")]
    view = NoteView(title, result.sentences, keys, theme, result.context)
    view.offers = offers
    if result.context.walks and not result.context.came and offers and not theme.compact:
        view.remark = "No server gives this page now."
    return view
