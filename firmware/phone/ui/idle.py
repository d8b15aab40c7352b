"""What the phone shows when nobody asks for anything: time, name, server, messages."""

from phone.phrases import phrase
from phone.ui.bar import Bar
from phone.ui.screen import Intent, Row
from phone.ui.view import View

_KEYS = (
    (phrase("Services"), Intent("service", "services")),
    (phrase("Directory"), Intent("service", "directory")),
    (phrase("Messages"), Intent("service", "messages")),
    (phrase("Settings"), Intent("service", "settings")),
)


class IdleView(View):
    """Rows: date, server, messages. A small display has no room for softkeys (the hard keys do the
    same), and messages take the place of the date."""

    def __init__(self, theme):
        View.__init__(self, "", "", Bar(() if theme.compact else _KEYS), None)
        self._compact = theme.compact
        self._say = theme.say

    def show(self, count, status):
        count = status.messages
        messages = phrase("1 message waiting") if count == 1 else phrase("%d messages waiting", count)
        messages = self._say(messages) if count else ""
        if self._compact:
            texts = (messages or status.date, status.home)
        else:
            texts = (status.date, status.home, messages)
        rows = tuple([Row(0, text) for text in texts])
        return "idle", status.name, rows, 0, len(rows), -1
