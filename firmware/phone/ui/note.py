"""The phone's own page: sentences, and softkeys whose meaning is a word of the agent's."""

from phone.records import WHOLE, Text
from phone.ui.bar import BACK, Bar
from phone.ui.screen import Intent
from phone.ui.text import TextView


class NoteView(TextView):
    """`sentences`: iterable of str. `keys`: sequence of (label, word): "exit", "back", "why", or a word
    of the agent's, which gives Intent("key", word) and stands for something in `offers`. Where there are
    fewer than four and none has the word "back", the last softkey is Back. The select key is the
    first softkey.
    """

    def __init__(self, title, sentences, keys, theme, context):
        verbs = ("exit", "back", "why")  # these every page knows
        bar = [(label, Intent(word, "") if word in verbs else Intent("key", word)) for label, word in keys]
        if len(bar) < 4 and not any(word == "back" for _, word in keys):
            bar += [("", None)] * (3 - len(bar)) + [BACK]
        paragraphs = []
        for sentence in sentences:
            if paragraphs and not theme.compact:
                paragraphs.append("")
            paragraphs.append(sentence)
        record = Text(title, "", tuple(paragraphs), (), WHOLE)
        TextView.__init__(self, record, theme, title, context, Bar(tuple(bar)))
        self._has_keys = bool(keys)

    def key(self, key, now):
        if key == "select" and self._has_keys:
            return self.bar.press(0)[1]
        return TextView.key(self, key, now)
