"""The settings pages on which something is chosen, at once: brightness, language, restart.

Their links are "page/value": settings.py brings them back to choose().
"""

from phone.core.taste import LIGHT_MAX, LIGHT_STEP
from phone.phrases import phrase
from phone.records import WHOLE, Menu, SoftKey, Text, menu_item

LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"))
_MARK = " \u2022"  # behind what is chosen now


def page(name, own):
    """(record, number of the row that is chosen now)."""
    say, taste = own.say, own.taste
    if name == "brightness":
        values = range(LIGHT_STEP, LIGHT_MAX + 1, LIGHT_STEP)
        rows = [(value, say(phrase("%d%%", value))) for value in values]
        return _choice(name, say(phrase("Brightness")), rows, taste.light)
    if name == "language":
        return _choice(name, say(phrase("Language")), LANGUAGES, taste.language)
    said, keys = phrase("Start the phone anew? Pages are back within a few seconds."), ()
    if taste.leaving:
        said = phrase("The phone starts anew ...")
    else:
        keys = (SoftKey(say(phrase("Restart")), 1, "restart/now", ""),
                SoftKey(say(phrase("Back")), 4, "SoftKey:Back", ""))
    return Text(say(phrase("Restart")), "", (say(said),), keys, WHOLE), 0


def choose(name, value, own, now):
    """Do what was chosen; effects."""
    taste = own.taste
    if name == "brightness":
        return taste.choose_light(int(value), now)
    if name == "language":
        return taste.choose_language(value, now)
    return taste.restart("settings", now)


def _choice(name, title, rows, current):
    """A menu of (value, text)."""
    items = []
    chosen = 0
    for value, text in rows:
        if value == current:
            chosen = len(items)
            text += _MARK
        items.append(menu_item(text, "%s/%s" % (name, value)))
    return Menu(title, "", tuple(items), (), WHOLE), chosen
