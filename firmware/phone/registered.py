"""What the screens of a phone with call managers say of its registration: the idle screen, and the status bar
of a phone without services. Loaded with the call managers.
"""

from phone.phrases import phrase
from phone.ui.screen import BACKUP, PRIMARY


class Registered:
    """compact: a small display has no room for reasons; the why screen has them."""

    def __init__(self, managers, book, compact):
        self._managers = managers
        self._book = book
        self._compact = compact
        self._last = None  # what moved() saw last

    def over(self, mark, label, home, depth):
        """Mark, label and the line of the idle screen, from those of servers. depth: of the pages."""
        managers = self._managers
        if not managers.registered:
            return mark, label, self._unregistered()
        if self._book.pointers:
            return mark, label, home
        here = managers.home
        if not depth:
            mark, label = BACKUP if here.number else PRIMARY, here.label
        return mark, label, phrase("Registered at %s", here.label)

    def moved(self):
        """Whether the registration, as it is told here, has changed since this was asked last."""
        was, here = self._last, self._managers.home
        self._last = self._managers.registered, here and here.label, self._is_lost()
        return was != self._last

    def _unregistered(self):
        """Why it is not."""
        here = self._managers.home
        if here and not self._is_lost():
            return phrase("Registering at %s", here.label)
        if self._compact or not here:
            return phrase("Not registered")
        if here.refusals:
            return phrase("Not registered: %s refuses", here.label)
        return phrase("Not registered: no manager answers")

    def _is_lost(self):
        """Whether each manager has failed, as far as the phone knows."""
        return not any([manager.well is not False for manager in self._managers.list])
