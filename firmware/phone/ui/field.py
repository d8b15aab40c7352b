"""One field of a form: what is typed into it, where the cursor stands, what of it is to be seen."""

from micropython import const

from phone.ui.multitap import Multitap

# Five fields of that, each letter as %XX%XX, are a request below 4 KB; nobody types more on twelve keys.
MOST = const(128)
MASK = "*"


class Entry(Multitap):
    """`field`: records.Field. `cursor` is the number of characters before it."""

    def __init__(self, field):
        flags = field.flags
        Multitap.__init__(self, flags[:1])
        self.field = field
        self.name = field.name or field.param
        self.masked = "P" in flags
        self._required = "R" in flags
        self.put(field.value)

    def put(self, value):
        """Have that in it."""
        self.value = value
        self.cursor = len(value)

    def key(self, key, now):
        """A key that is not the form's own, "backspace" among them; False: there is no room for more."""
        tapping = self.letters
        if key == "#" and self.turns:
            self.turn()
            return True
        if len(key) == 1:
            letter, again = self.press(key, now)
            return not letter or self._type(letter, again)
        self.settle()
        if key == "left":
            self._move(-1)
        elif key == "right" and not tapping:  # else it says that the letter is the one
            self._move(1)
        elif key == "backspace":
            self.erase()
        return True

    def held(self, key):
        """The key that was pressed last is held: what is printed on it comes into the place of its letter."""
        own = self.hold(key) if self.due is not None else ""
        if own:
            self._type(own, True)

    def _type(self, letter, again):
        """Put a letter at the cursor, or in the place of the one before it; False where there is no room."""
        start = self.cursor - 1 if again else self.cursor
        if not again and len(self.value) >= MOST:
            self.settle()
            return False
        self.value = self.value[:start] + letter + self.value[self.cursor :]
        self.cursor = start + 1
        return True

    def erase(self):
        """Take the letter before the cursor away; False where there is none."""
        self.settle()
        if not self.cursor:
            return False
        self.value = self.value[: self.cursor - 1] + self.value[self.cursor :]
        self.cursor -= 1
        return True

    def _move(self, step):
        """The cursor goes so many letters to the right, around the ends."""
        self.cursor = (self.cursor + step) % (len(self.value) + 1)

    @property
    def lacks(self):
        """Whether it must be filled in, and is not."""
        return self._required and not self.value

    @property
    def shown(self):
        """What the screen says of it; the letter that was just typed may be read for a moment."""
        if not self.masked:
            return self.value
        stars = MASK * len(self.value)
        if self.due is None or not self.cursor:
            return stars
        at = self.cursor - 1
        return stars[:at] + self.value[at : self.cursor] + stars[self.cursor :]
