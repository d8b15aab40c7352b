"""The page of a Response: what became of each item of an Execute, in sentences."""

from phone.phrases import phrase
from phone.ui.note import NoteView

_DONE = phrase("Done.")
_KEYS = ((phrase("Exit"), "exit"), ("", "exit"), (phrase("Back"), "back"))


def replies(record, theme, title, context):
    """The view of a rare.py Response."""
    say = theme.say
    said = [_sentence(reply, say) for reply in record.items if reply.status or reply.data or reply.url]
    keys = [(say(label), word) for label, word in _KEYS]
    return NoteView(title or say(phrase("Answer")), said or [say(_DONE)], keys, theme, context)


def _sentence(reply, say):
    """What became of one item: its address, and the words for it, or its status."""
    words = reply.data.strip()
    if not words or words.isdigit():
        good = reply.status.strip() in ("", "0")
        words = say(_DONE if good else phrase("It was refused (%s).", reply.status))
    return "%s: %s" % (reply.url, words) if reply.url else words
