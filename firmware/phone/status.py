"""What every screen says beside its own content: which server, primary or backup, and the time of day."""

from phone.phrases import phrase
from phone.ui.screen import BACKUP, NONE, PRIMARY, Status


class StatusLine:
    def __init__(self, label, book, wall, say):
        self._label = label
        self._book = book
        self._wall = wall
        self._say = say  # a phrase as text
        self.calls = self.registered = None  # core/calls.py, registered.py, where there are call managers

    def now(self, stack, up, now):
        """The Status (ui/screen.py) of the page on top of `stack`; up: whether there is a network."""
        serving = self._book.serving(now)
        mark, label = _whence(stack, serving)
        clock, date = self._wall.words(now)
        home = phrase("No server answers") if up else phrase("No network")
        if serving and up:
            home = phrase("%s is asked first", serving.label)
            if serving.health.asked:
                home = phrase("Served by %s", serving.label)
        if up and self.registered:
            mark, label, home = self.registered.over(mark, label, home, stack.depth)
        messages = self.calls.messages if self.calls else 0
        return Status(mark, label, clock, self._say(date), self._label, self._say(home), messages)

    def moved(self):
        """Whether what is said of the registration is another now."""
        return bool(self.registered) and self.registered.moved()


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
