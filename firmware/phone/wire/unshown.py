"""Why a page cannot be shown, for the person in front of it."""

from phone.records import WHOLE, Unshown
from phone.wire.text import clean

# Objects that are known by name only, in the words of a person.
_KINDS = (
    (b"input", "a form"), (b"directory", "a directory"), (b"image", "a picture"), (b"graphic", "a picture"),
    (b"icon", "a menu with pictures"), (b"status", "a status line"), (b"execute", "a list of commands"),
    (b"response", "an answer to a command"),
)  # fmt: skip


def unshown(root, content_type):
    """An Unshown. `root`: name of the root element as bytes, None where there was none."""
    name = clean(root or b"", b"")
    lower = (root or b"").lower()
    if content_type.startswith("image/"):
        why = "The server sent a picture where a page was expected."
    elif root is None:
        why = "The server sent no page: there is not one element in it."
    elif lower == b"html":
        why = "The server sent a web page (HTML). This phone shows pages made for phones."
    else:
        why = "This is no page for this phone: it begins with <%s>." % name
        for start, kind in _KINDS:
            if lower.startswith(b"ciscoipphone" + start):
                why = "This page is %s, which this version of the phone cannot show (%s)." % (kind, name)
    return Unshown(name, why, WHOLE)
