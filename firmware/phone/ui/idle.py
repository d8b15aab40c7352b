"""What the phone shows when nobody asks for anything: time, name, server, messages."""

from phone.ui.bar import Bar
from phone.ui.screen import Intent, Row
from phone.ui.view import View

_KEYS = (
    ("Services", Intent("service", "services")),
    ("Directory", Intent("service", "directory")),
    ("Messages", Intent("service", "messages")),
    ("Settings", Intent("service", "settings")),
)


class IdleView(View):
    """Rows: date, server, messages. A small display has no room for softkeys (the hard keys do the
    same), and messages take the place of the date."""

    def __init__(self, theme):
        View.__init__(self, "", "", Bar(() if theme.compact else _KEYS), None)
        self._compact = theme.compact

    def show(self, count, status):
        messages = ""
        if status.messages:
            messages = "%d message%s waiting" % (status.messages, "" if status.messages == 1 else "s")
        if self._compact:
            texts = (messages or status.date, status.home)
        else:
            texts = (status.date, status.home, messages)
        rows = tuple([Row(0, text) for text in texts])
        return "idle", status.name, rows, 0, len(rows), -1
