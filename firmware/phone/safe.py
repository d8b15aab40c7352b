"""Safe mode: the phone ended badly three times within three minutes, so it asks nobody for anything.

    the reason on screen --hard keys--> the reason again        Settings: as always
         |     |
         |     +-- left alone for half an hour, then one, two, four hours --> the usual start
         +-- "Try again" ---------------------------------------------------> the usual start

Nothing is done that may have killed the phone: no server is asked or looked at, nothing stored is read. What
is left is keys, screen, the settings and the status pages.
"""

from micropython import const

from phone.core.autopsy import SAFE_MAX_MS
from phone.core.journal import CAUSES
from phone.core.machine import Machine
from phone.core.pointers import SERVICES
from phone.core.trouble import TITLES, seconds
from phone.desk import Desk
from phone.events import Restart
from phone.phrases import phrase
from phone.ui.note import NoteView
from phone.ui.screen import Intent

_QUIET_MS = const(300000)  # after a key the phone does not leave by itself: somebody is at it
_RETRY, _SETTINGS = "retry", "settings"


class Nothing(Machine):
    """Stands for the store (core/store.py): nothing is read that may have killed the phone, or written."""

    ready = False
    settled = True
    read_only = False
    trouble = ""

    def get(self, name):
        return None

    def put(self, name, data, now):
        return False

    def begin(self, now):
        return []

    flush = begin

    def fetch(self, name, give, now):
        """Nothing is given."""

    write = fetch

    def drop(self, name, now):
        """Nothing is forgotten."""


class SafeDesk(Desk):
    _leave_at = SAFE_MAX_MS
    _reason = ()
    _page = None

    def begin(self, start, now):
        """The phone starts: say why it does so little."""
        self._leave_at = now + start.safe_ms()
        said = [phrase("The phone stopped three times within three minutes, so it runs without services.")]
        wait = seconds(start.safe_ms())
        said += start.doing()
        said.append(phrase("Try again starts it as usual. Left alone it does so in %s.", wait))
        self._reason = said + [CAUSES[start.cause]]
        self._explain()

    def look(self, now):
        language = self._language
        Desk.look(self, now)
        if self._language != language and self.stack.top is self._page:
            self._explain()

    def deadline(self):
        wait = Desk.deadline(self)
        return self._leave_at if wait is None else min(wait, self._leave_at)

    def key(self, event, now):
        self._leave_at = max(self._leave_at, now + _QUIET_MS)
        return Desk.key(self, event, now)

    def tick(self, now):
        if now >= self._leave_at:
            return [Restart("left safe mode")]
        return Desk.tick(self, now)

    def _obey(self, intent, now):
        out = []
        verb, value = intent or ("", "")
        if verb == "key" and value == _RETRY:
            return [Restart("tried again after safe mode")]
        if verb == "key" and value == _SETTINGS:
            intent = verb, value = Intent("service", _SETTINGS)
        if verb == "service" and value in SERVICES:
            self.stack.home()
        else:
            out = Desk._obey(self, intent, now)
        if not self.stack.depth:  # there is nothing to be idle for
            self._explain()
        return out

    def _explain(self):
        say = self._theme.say
        keys = ((say(phrase("Try again")), _RETRY), (say(TITLES[_SETTINGS]), _SETTINGS), ("", "back"))
        said = [say(sentence) for sentence in self._reason]
        self._page = NoteView(say(phrase("Safe mode")), said, keys, self._theme, None)
        self.stack.home()
        self.stack.push(self._page)
        self.stale()
