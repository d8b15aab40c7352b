"""Which view shows which record."""

from phone import records
from phone.phrases import phrase
from phone.ui.menu import MenuView
from phone.ui.note import NoteView
from phone.ui.text import TextView

_EXIT, _BACK, WHY = (phrase("Exit"), "exit"), (phrase("Back"), "back"), (phrase("Why"), "why")
_KEYS = (_EXIT, WHY, _BACK)


def page_view(record, theme, title, context):
    """The view of a page. `title` is for a record that has none; `context` is the caller's own."""
    kind = type(record)
    if kind is records.Menu:
        return MenuView(record, theme, title, context)
    if kind is records.Text:
        return TextView(record, theme, title, context)
    if kind is records.Error:
        said = record.text or phrase("The server gave no further word.")
        return _note(phrase("Error %s", record.number), (said,), _KEYS, theme, context)
    return _note(title, (record.why,), _KEYS, theme, context)


def trouble_view(result, title, theme):
    """A Result without a page (core/result.py): what is the matter, and a softkey for each of its offers."""
    offers = result.offers
    keys = [(phrase("Again"), "again")] if "again" in offers else []
    if "elsewhere" in offers:
        keys.append((phrase("Try %s", offers["elsewhere"].pointer.label), "elsewhere"))
    keys.append(WHY)
    if len(keys) < 3:  # Back goes as far, only later
        keys.append(_EXIT)
    view = _note(title, result.sentences, keys + [_BACK], theme, result.context)
    view.offers = offers
    if result.context.walks and not result.context.came and offers and not theme.compact:
        view.remark = theme.say(phrase("No server gives this page now."))
    return view


def _note(title, sentences, keys, theme, context):
    """A NoteView of phrases."""
    say = theme.say
    keys = [(say(label), word) for label, word in keys]
    return NoteView(say(title), [say(said) for said in sentences], keys, theme, context)
