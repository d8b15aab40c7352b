"""Why a page cannot be shown, for the person in front of it."""

from phone.phrases import phrase
from phone.records import WHOLE, Unshown
from phone.wire.text import clean

# What phones load beside pages: some letters of its root, and what it is.
_OTHERS = (
    (b"ringlist", phrase("a list of ring tones")),
    (b"imagelist", phrase("a list of background pictures")),
    (b"devicecaps", phrase("a question about a device, or the answer")),
    (b"polycom", phrase("made for Polycom phones")),
)


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
        for letters, what in _OTHERS:
            if letters in lower:
                why = phrase("This is no page for this phone: <%s> is %s.", name, what)
    return Unshown(name, why, WHOLE)
