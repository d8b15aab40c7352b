"""A page that is filled in: fields from top to bottom, typed on the digit keys, sent by its first softkey.

Up and down go to another field, left and right move the cursor, select goes on to the next field and sends
from the last. Back takes off what was typed and then the page; held, it empties the field. Another key that
is held gives what is printed on it.
"""

from phone.phrases import phrase
from phone.ui.bar import bar_for
from phone.ui.defaults import INPUT
from phone.ui.field import Entry
from phone.ui.screen import Intent, Row
from phone.ui.sending import request
from phone.ui.view import View


class FormView(View):
    """`record`: records.Input. `title` is shown where the record has none."""

    def __init__(self, record, theme, title, context, keys=INPUT):
        bar = bar_for(record.softkeys, keys)
        View.__init__(self, record.title or title, record.prompt, bar, context)
        self._say = theme.say
        self._compact = theme.compact
        self._url, self._post = record.url, record.post
        self.entries = [Entry(field) for field in record.fields]
        self.weight = 2 * len(self.entries)
        self._entry = None
        self._go(0)

    @property
    def form(self):
        """Whether something was typed."""
        return any([entry.value != entry.field.value for entry in self.entries])

    def _go(self, index):
        """On to another field."""
        self.settle()
        self._at = max(0, min(index, len(self.entries) - 1))
        self._entry = self.entries[self._at] if self.entries else None

    def show(self, count, status):
        entry = self._entry
        if not entry:
            self.extra = {}, self._hint(""), ""
            return "form", self.title, (), 0, 0, -1
        told = {"mode": entry.mode, "cursor": entry.cursor, "letters": entry.letters, "chosen": entry.chosen}
        self.extra = told, self._hint(entry.kind), self._label(entry)
        rows = [Row(0, one.name + " *" if one.lacks else one.name, one.shown, None) for one in self.entries]
        return "form", self.title, tuple(rows), 0, len(rows), self._at

    def _label(self, entry):
        if not entry.lacks:
            return entry.name
        return entry.name + " *" if self._compact else self._say(phrase("%s (required)", entry.name))

    def _hint(self, kind):
        """Below the fields: the page's prompt where it has no other place, or what more the keys do."""
        if self._compact:
            return self.prompt
        if kind == "A":
            return self._say(phrase("#: abc, ABC, 123   *: signs"))
        return self._say(phrase("* and #: signs")) if kind == "E" else ""

    def resume(self, old):
        """What was typed stays, in whichever fields the page still has."""
        for entry in self.entries:
            for other in old.entries:
                if other.field[1:3] == entry.field[1:3] and other.value != other.field.value:
                    entry.value, entry.cursor = other.value, other.cursor
        self._go(old._at)
        return True

    def key(self, key, now):
        last = self._at >= len(self.entries) - 1
        self.remark = ""
        if key in ("submit", "search", "dial") or key == "select" and last:
            return self._submit()
        if key in ("up", "down", "select"):
            self._go(self._at + (-1 if key == "up" else 1))
        elif self._entry and not self._entry.key(key, now):
            self.remark = self._say(phrase("No more fits in here."))
        elif self._entry and self._entry.letters:
            letters = self._entry.letters
            self.remark = " ".join([letters[i : i + 1] for i in range(len(letters))])
        return None

    def held(self, key, now):
        entry = self._entry
        if not entry or key not in ("back", "backspace") and len(key) != 1:
            return None
        if len(key) == 1:
            entry.held(key)
        else:
            entry.put("")
        self.settle()
        return None

    def back(self):
        """Take off what was typed, a letter at a time, field by field; False where nothing was."""
        if not self.form:
            return False
        self.remark = ""
        entry = self._entry
        if entry.value:
            entry.cursor = entry.cursor or len(entry.value)
            return entry.erase()
        self._go(self._at - 1)
        return entry is not self._entry

    def settle(self):
        """The letter that is being chosen stays."""
        entry = self._entry
        if entry:
            if entry.letters:
                self.remark = ""
            entry.settle()

    def deadline(self):
        return self._entry and self._entry.due

    def tick(self, now):
        due = self.deadline()
        if due is not None and now >= due:
            self.settle()
        return None

    def _submit(self):
        """The Intent that sends it; None where it cannot be sent, and the reason on the screen."""
        self.settle()
        for index, entry in enumerate(self.entries):
            if entry.lacks:
                self._go(index)
                self.remark = self._say(phrase("%s is missing.", entry.name))
                return None
        self.chosen = self.title
        intent = self._sent()
        if type(intent) is Intent:
            return intent
        self.remark = self._say(intent)
        return None

    def _sent(self):
        """The Intent, or a phrase: why not."""
        return request(self._url, self._post, [(entry.field.param, entry.value) for entry in self.entries])
