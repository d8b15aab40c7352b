"""The four softkeys of a page: labels by position, what a press means, "More" for the rest."""

from phone.phrases import phrase, plain
from phone.ui.screen import NO_KEYS, Intent

# What "SoftKey:<word>" means; the case of the word and blanks around it do not matter. "select" is
# answered by the page itself, "more" by this bar. Next asks for what follows: the page again.
_WORDS = {
    "select": "select",
    "exit": "exit",
    "back": "back",
    "cancel": "back",
    "update": "update",
    "next": "update",
}

SELECT, EXIT, BACK, UPDATE = (
    (phrase("Select"), Intent("select", "")),
    (phrase("Exit"), Intent("exit", "")),
    (phrase("Back"), Intent("back", "")),
    (phrase("Update"), Intent("update", "")),
)


def meaning(url):
    """The Intent of a softkey's URL, or None where it has none."""
    url = url.strip()
    if url[:8].lower() == "softkey:":
        verb = _WORDS.get(url[8:].strip().lower())
        return Intent(verb, "") if verb else None
    return Intent("open", url) if url else None


class Bar:
    """`keys`: tuple of (label, Intent or None), empty label for a gap. A page's labels are str, the phone's
    own are phrases.
    """

    def __init__(self, keys):
        self.keys = keys
        self._page = 0

    def add(self, key):
        """One more: in the first gap, else after the others."""
        keys = list(self.keys)
        gaps = [i for i in range(len(keys)) if not keys[i][0]]
        if gaps:
            keys[gaps[0]] = key
        else:
            keys.append(key)
        self.keys = tuple(keys)

    def _shown(self):
        if len(self.keys) <= 4:
            return self.keys
        return self.keys[3 * self._page : 3 * self._page + 3]

    def labels(self, say=plain):
        """Four str; `say` makes text of a phrase."""
        shown = tuple([say(label) for label, _ in self._shown()])
        if len(self.keys) > 4:
            return (shown + NO_KEYS)[:3] + (say(phrase("More")),)
        return (shown + NO_KEYS)[:4]

    def press(self, index):
        """The (label, Intent or None) of softkey 0..3, or None where nothing is to be done."""
        if index == 3 and len(self.keys) > 4:
            self._page = (self._page + 1) % ((len(self.keys) + 2) // 3)
            return None
        shown = self._shown()
        return shown[index] if index < len(shown) else None


def bar_for(softkeys, defaults):
    """The Bar of a page: its own SoftKeys by position, or `defaults` where it has none.

    A second key at a position takes the next free one; position -1 is hidden. Where all are within
    the first four the gaps between them are kept; else they close up and "More" turns the page.
    """
    slots = {}
    for key in softkeys:
        if key.position < 1:
            continue
        position = key.position
        while position in slots:
            position += 1
        slots[position] = (key.name, meaning(key.url))
    if not softkeys:
        return Bar(defaults)
    if not slots or max(slots) <= 4:
        return Bar(tuple([slots.get(i, ("", None)) for i in range(1, 5)]))
    return Bar(tuple([slots[i] for i in sorted(slots)]))
