"""What every screen says beside its own content: which server, primary or backup, whether the phone is
registered, and the time of day.
"""

from phone.phrases import phrase
from phone.ui.screen import BACKUP, NONE, PRIMARY, Status


class StatusLine:
    def __init__(self, label, book, wall, theme):
        self._label = label
        self._book = book
        self._wall = wall
        self._say = theme.say  # a phrase as text
        self._compact = theme.compact
        self.calls = self.managers = None  # core/calls.py, core/managers.py, where there are call managers
        self._registration = None  # what was last said of it

    def now(self, stack, up, now):
        """The Status (ui/screen.py) of the page on top of `stack`; up: whether there is a network."""
        serving = self._book.serving(now)
        mark, label = _whence(stack, serving)
        managers = self.managers
        if managers and managers.registered and not stack.depth and not self._book.pointers:
            mark, label = BACKUP if managers.home.number else PRIMARY, managers.home.label
        clock, date = self._wall.words(now)
        home = self._say(self._home(serving, up))
        messages = self.calls.messages if self.calls else 0
        return Status(mark, label, clock, self._say(date), self._label, home, messages)

    def moved(self):
        """Whether the registration, as the idle screen tells of it, has changed since this was asked last."""
        managers = self.managers
        if not managers:
            return False
        was, home = self._registration, managers.home
        self._registration = managers.registered, home and home.label, _is_lost(managers)
        return was != self._registration

    def _home(self, serving, up):
        """Where the phone is at home, or what is wrong: a call manager comes before a server of pages."""
        managers = self.managers
        if not up:
            return phrase("No network")
        if managers and not managers.registered:
            return _unregistered(managers, self._compact)
        if not serving and managers and not self._book.pointers:
            return phrase("Registered at %s", managers.home.label)
        if not serving:
            return phrase("No server answers")
        if not serving.health.asked:
            return phrase("%s is asked first", serving.label)
        return phrase("Served by %s", serving.label)


def _unregistered(managers, compact):
    """Why it is not registered; a small display has no room for the reason, the why screen has."""
    here = managers.home
    if here and not _is_lost(managers):
        return phrase("Registering at %s", here.label)
    if compact or not here:
        return phrase("Not registered")
    if here.refusals:
        return phrase("Not registered: %s refuses", here.label)
    return phrase("Not registered: no manager answers")


def _is_lost(managers):
    """Whether each manager has failed, as far as the phone knows."""
    return not any([manager.well is not False for manager in managers.list])


def _whence(stack, serving):
    """Mark and label of the server that gave the page on screen, or would give the next."""
    context = stack.top.context
    if context and not context.came:
        return NONE, ""
    pointer = serving
    if context:
        pointer = context.pointer
    elif stack.depth:  # a page of the phone's own
        pointer = None
    if pointer:
        return (PRIMARY if pointer.home == 0 else BACKUP), pointer.label
    return "", context.url.host if context else ""  # a stranger's page is neither primary nor backup
