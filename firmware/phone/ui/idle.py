"""What the phone shows when nobody asks for anything: time, name, server, calls and messages."""

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


# In the place of the settings, which have a hard key, while there is something to look at.
_MISSED = (phrase("Calls"), Intent("open", "calls"))


class IdleView(View):
    """Rows: date, server, news: messages that wait and calls that nobody took. A small display has no room
    for softkeys (the hard keys do the same), and news take the place of the date. `calls`: core/calls.py,
    None without call managers; the select key opens its page.
    """

    calls = None

    def __init__(self, theme):
        View.__init__(self, "", "", Bar(() if theme.compact else _KEYS), None)
        self._compact = theme.compact
        self._say = theme.say

    def show(self, count, status):
        missed = self.calls.unread if self.calls else 0
        news = _news(status.messages, missed)
        news = self._say(news) if news else ""
        if self._compact:
            texts = (news or status.date, status.home)
        else:
            texts = (status.date, status.home, news)
            self.bar.keys = _KEYS[:2] + (_badged(status.messages), _MISSED if missed else _KEYS[3])
        rows = tuple([Row(0, text, "", None) for text in texts])
        return "idle", status.name, rows, 0, len(rows), -1

    def key(self, key, now):
        return _MISSED[1] if key == "select" and self.calls else None


def _news(messages, missed):
    """A phrase, or None. messages: how many wait; -1: some."""
    if missed and messages > 0:
        return phrase("Calls: %d, messages: %d", missed, messages)
    if missed:
        return phrase("1 missed call") if missed == 1 else phrase("%d missed calls", missed)
    if messages < 0:
        return phrase("Messages are waiting")
    if messages:
        return phrase("1 message waiting") if messages == 1 else phrase("%d messages waiting", messages)
    return None


def _badged(messages):
    """The softkey of the messages, with their number."""
    if not messages:
        return _KEYS[2]
    return phrase("Messages (%s)", str(messages) if messages > 0 else "!"), _KEYS[2][1]
