"""Which view shows which record."""

from phone import records
from phone.phrases import phrase
from phone.ui.bar import BACK, SELECT, bar_for
from phone.ui.menu import MenuView
from phone.ui.note import NoteView
from phone.ui.screen import Intent
from phone.ui.text import TextView

_EXIT, _BACK, WHY = (phrase("Exit"), "exit"), (phrase("Back"), "back"), (phrase("Why"), "why")
_KEYS = (_EXIT, WHY, _BACK)
_SEARCH = phrase("Search"), Intent("search", "")


def page_view(record, theme, title, context):
    """The view of a page. `title` is for a record that has none; `context` is the caller's own."""
    kind = type(record)
    if kind is records.Menu:
        view = _menu_view(record, theme, title, context)
        if _is_directory(view, context):
            view.bar.add(_SEARCH)
        return view
    if kind is records.Text:
        return TextView(record, theme, title, context)
    if kind is records.Error:
        said = record.text or phrase("The server gave no further word.")
        return _note(phrase("Error %s", record.number), (said,), _KEYS, theme, context)
    if kind is records.Unshown:
        return _note(title, (record.why,), _KEYS, theme, context)
    from phone.ui.rare_views import rare_view

    return rare_view(record, theme, title, context)


def _menu_view(record, theme, title, context):
    for item in record.items:
        if "\n" in item:
            from phone.ui.rare_views import rare_view

            return rare_view(record, theme, title, context)
    return MenuView(record, theme, title, context)


def trouble_view(result, title, theme):
    """A Result without a page (core/result.py): what is the matter, and a softkey for each of its offers."""
    offers = result.offers
    if "login" in offers:
        from phone.ui.ask import credential_view

        return credential_view(result.sentences[0], offers["login"], theme, result.context)
    keys = _offers(offers)
    if len(keys) < 3:  # Back goes as far, only later
        keys.append(_EXIT)
    view = _note(title, result.sentences, keys + [_BACK], theme, result.context)
    view.offers = offers
    if result.context.walks and not result.context.came and offers and not theme.compact:
        view.remark = theme.say(phrase("No server gives this page now."))
    return view


def _offers(offers):
    """(label, word) of a softkey for each, and for the reasons."""
    keys = [(phrase("Again"), "again")] if "again" in offers else []
    if "elsewhere" in offers:
        keys.append((phrase("Try %s", offers["elsewhere"].pointer.label), "elsewhere"))
    return keys + [WHY]


def _is_directory(view, context):
    """Whether names can be looked for on this page and its likes."""
    return isinstance(view, MenuView) and bool(context) and context.service == "directory"


def _note(title, sentences, keys, theme, context):
    """A NoteView of phrases."""
    say = theme.say
    keys = [(say(label), word) for label, word in keys]
    return NoteView(say(title), [say(said) for said in sentences], keys, theme, context)


def aged_view(result, theme, title):
    """A page out of the cache (copy of core/result.py). Where nobody answered its softkeys offer what can be
    done; the page's own come after them."""
    record = result.record
    view = page_view(record, theme, title, result.context)
    view.aged = result
    if not result.sentences:
        return view
    view.offers = result.offers
    keys = [(said, Intent("key", word) if word in view.offers else Intent(word, ""))
            for said, word in _offers(view.offers)]
    if _is_directory(view, result.context):
        keys.append(_SEARCH)
    keys += [key for key in bar_for(record.softkeys, ()).keys if key[0]]
    if not theme.compact or len(keys) < 3:  # there are keys for both beside the display
        keys.append(BACK)
    if type(record) is records.Menu and len(keys) < 4 and not theme.compact:
        keys.insert(0, SELECT)
    view.bar.keys = tuple(keys)
    return view
