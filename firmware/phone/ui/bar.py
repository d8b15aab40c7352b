"""The softkeys of a page, and the keys that it traps: labels by position, what a press means, and "More".

Where a page has no softkeys of its own it has those of its kind (services-xml.md section 7), and Next where
another page follows it (follow() of ui/defaults.py):

    Menu, IconMenu, IconFileMenu     Select, Exit, Back
    Text, pictures, GraphicMenu      Exit, Update, Back
    Input                            Submit, <<, Cancel, Back        INPUT of ui/defaults.py
    Directory                        Dial, EditDial, Cancel, Back    DIRECTORY

"SoftKey:<word>" gives the Intent of the word: what is listed in OF_VIEW is the page's own affair, and
ui/stack.py asks it by view.key(verb, now); exit, back, update and next are the stack's and phone/wants.py's.
"""

from phone.phrases import phrase, plain
from phone.ui.screen import NO_KEYS, Intent

# Words of "SoftKey:", whose case and blanks around them do not matter. Two have another name as a verb:
# Cancel is "back", << is "backspace".
OF_VIEW = ("select", "submit", "search", "dial", "editdial", "backspace")
_OTHERS = ("exit", "back", "update", "next")

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
        verb = url[8:].strip().lower()
        verb = "back" if verb == "cancel" else OF_VIEW[5] if len(verb) == 2 else verb  # <<
        return Intent(verb, "") if verb in OF_VIEW or verb in _OTHERS else None
    return Intent("open", url) if url else None


def entry(softkey):
    """(label, Intent or None) of a page's SoftKey, and where something is to be done as it goes down, as a
    third what that is; the Intent is then for the key that comes up.
    """
    if softkey.down:
        from phone.ui.trap import with_down  # of few pages

        return with_down(softkey)
    return softkey.name, meaning(softkey.url)


class Bar:
    """`keys`: tuple of (label, Intent or None), empty label for a gap; a page's own may have a third
    (entry()). A page's labels are str, the phone's own are phrases. `traps`: what a page has for keys of the
    keypad, as tuples of the key and its entry().
    """

    traps = ()  # of few pages

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

    def trap(self, key):
        """What the page has in the place of this key, as entry(), or None."""
        for trapped, own in self.traps:
            if trapped == key:
                return own
        return None

    def _shown(self):
        if len(self.keys) <= 4:
            return self.keys
        return self.keys[3 * self._page : 3 * self._page + 3]

    def labels(self, say=plain):
        """Four str; `say` makes text of a phrase."""
        shown = tuple([say(key[0]) for key in self._shown()])
        if len(self.keys) > 4:
            return (shown + NO_KEYS)[:3] + (say(phrase("More")),)
        return (shown + NO_KEYS)[:4]

    def press(self, index):
        """What softkey 0..3 is, an item of `keys`, or None where nothing is to be done."""
        if index == 3 and len(self.keys) > 4:
            self._page = (self._page + 1) % ((len(self.keys) + 2) // 3)
            return None
        shown = self._shown()
        return shown[index] if index < len(shown) else None


def bar_for(softkeys, defaults):
    """The Bar of a page: its own SoftKeys by position, or `defaults` where it has none.

    A second key at a position takes the next free one. Where nothing is at the first, Update is: Next on a
    page that another one follows. Position -1 is hidden behind the key of the settings, and 0 a key of the
    keypad. Where all are within the first four the gaps between them are kept; else they close up and "More"
    turns the page.
    """
    slots, traps = {}, []
    for key in softkeys:
        position = key.position
        if position < 1:
            traps.append(key)
            continue
        while position in slots:
            position += 1
        slots[position] = entry(key)
    bar = Bar(defaults)
    if any([key.position for key in softkeys]):
        if defaults and 1 not in slots:
            slots[1] = UPDATE
        places = range(1, 5) if not slots or max(slots) <= 4 else sorted(slots)
        bar.keys = tuple([slots.get(place, ("", None)) for place in places])
    if traps:
        from phone.ui.trap import trapped  # of few pages

        bar.traps = trapped(traps)
    return bar
