"""Why a page cannot be shown, for the person in front of it."""

from phone.phrases import phrase
from phone.records import WHOLE, Unshown
from phone.wire.text import clean

# Objects that are known by name only, in the words of a person.
_KINDS = (
    (b"input", phrase("a form")), (b"directory", phrase("a directory")), (b"image", phrase("a picture")),
    (b"graphic", phrase("a picture")), (b"icon", phrase("a menu with pictures")),
    (b"status", phrase("a status line")), (b"execute", phrase("a list of commands")),
    (b"response", phrase("an answer to a command")),
)  # fmt: skip


def unshown(root, content_type):
    """An Unshown. `root`: name of the root element as bytes, None where there was none."""
    name = clean(root or b"", b"")
    lower = (root or b"").lower()
    if content_type.startswith("image/"):
        why = phrase("The server sent a picture where a page was expected.")
    elif root is None:
        why = phrase("The server sent no page: there is not one element in it.")
    elif lower == b"html":
        why = phrase("The server sent a web page (HTML). This phone shows pages made for phones.")
    else:
        why = phrase("This is no page for this phone: it begins with <%s>.", name)
        for start, kind in _KINDS:
            if lower.startswith(b"ciscoipphone" + start):
                why = phrase("This page is %s, which this version of the phone cannot show (%s).", kind, name)
    return Unshown(name, why, WHOLE)
