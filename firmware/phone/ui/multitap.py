"""Letters on the keys of a telephone: each press of a key gives the next of its letters.

    rest ──key──> tapping (a letter stands in the field) ──the same key──> the next letter stands there
      ^                  │
      └── 1 s, or any other key: it stays ──┘

"#" goes from abc to ABC to 123 where the field takes all three. On "*" are signs, on 1 those of sentences and
addresses, on 0 a blank. Letters beyond ASCII come behind the digit: who does not look for them never meets
them.
"""

from micropython import const

TAP_MS = const(1000)  # the pause after which the same key begins another letter, as on other telephones

LOWER, UPPER, DIGITS = "abc", "ABC", "123"
# By digit: small letters, and capitals behind the blank. All of printable ASCII is here and in _SIGNS.
_LETTERS = (
    "", "",
    "abc2äàâáåãæç ABC2ÄÀÂÁÅÃÆÇ", "def3éèêëð DEF3ÉÈÊËÐ", "ghi4îïíì GHI4ÎÏÍÌ", "jkl5 JKL5",
    "mno6öôóòøõñ MNO6ÖÔÓÒØÕÑ", "pqrs7ß PQRS7ß", "tuv8üûúùþ TUV8ÜÛÚÙÞ", "wxyz9ý WXYZ9Ý",
)  # fmt: skip
_SENTENCE, _BLANK = ".,-@'!?_:;/\"()1", " 0"
_SIGNS = "*+#&=%$<>[]{}\\|^~`€"
# Of a field for sums: what is on "*" and on "#".
_SUMS = ("*+-/^", "=.,()%")


def modes(kind):
    """What "#" goes through in a field of that kind, one of the InputFlags of services-xml.md section 5."""
    if kind == "U":
        return (UPPER,)
    if kind == "L":
        return (LOWER,)
    return (LOWER, UPPER, DIGITS) if kind == "A" else (DIGITS,)


def letters(kind, mode, key):
    """What a key can give, in the order of its presses; "" where it gives nothing."""
    digit = key not in ("*", "#")
    if kind == "A" and not digit:
        return _SIGNS if key == "*" else ""
    if kind == "E" and not digit:
        return _SUMS[key == "#"]
    if mode == DIGITS:
        return key if digit or kind == "T" else ""
    if not digit:
        return ""
    small, _, capital = _LETTERS[int(key)].partition(" ")
    found = capital if mode == UPPER else small
    if kind == "A":
        return found or (_SENTENCE if key == "1" else _BLANK)
    return found.replace(key, "")


class Multitap:
    """The keys of one field; `kind` as for letters(). `letters`: those of the key that is being pressed, ""
    where it has no others; `chosen`: which of them stands in the field. `due`: when it stays, None at rest.
    """

    def __init__(self, kind):
        self.kind = kind
        self._mode = 0
        self._key = ""
        self.settle()

    @property
    def turns(self):
        """Whether there is more than one mode."""
        return len(modes(self.kind)) > 1

    @property
    def mode(self):
        return modes(self.kind)[self._mode]

    def settle(self):
        """What stands there stays."""
        self.letters = ""
        self.chosen = 0
        self.due = None

    def turn(self):
        """The next mode."""
        self.settle()
        self._mode = (self._mode + 1) % len(modes(self.kind))

    def press(self, key, now):
        """(letter, again): what the key puts into the field, "" for nothing; again: in the place of the
        letter that it put there before.
        """
        again = self.letters and key == self._key
        found = self.letters if again else letters(self.kind, self.mode, key)
        chosen = (self.chosen + 1) % len(found) if again else 0
        self.settle()
        if found:
            self._key, self.chosen, self.due = key, chosen, now + TAP_MS
            self.letters = found if len(found) > 1 else ""
        return found[chosen : chosen + 1], bool(again)

    def hold(self, key):
        """The key is held: the digit or sign that is printed on it, "" where the field takes none."""
        own = key if key != "#" and key in letters(self.kind, self.mode, key) else ""
        self.settle()
        return own
