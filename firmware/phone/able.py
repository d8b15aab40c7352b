"""What a URI can have the phone do (core/uris.py): for the person who chose it, and for others who pushed it.

Made anew each time, and read from flash then: a page that has none but links never needs it.
"""

from micropython import const

from phone.core import uris
from phone.outside import Outside
from phone.phrases import phrase

_DEEP_MAX = const(3)  # a URI may press a key that stands for another, and that one for itself
NO_LINE = phrase("There is no line yet over which it could be called.")


class Able(Outside):
    """`desk`, `client`, `theme` as of Outside."""

    def key_of(self, name):
        """A key of the keypad by the name that phones of others have for it, "" where there is none."""
        from phone.ui.trap import key_of

        return key_of(name)

    def verb_of(self, word):
        """The verb of a softkey by its word behind SoftKey:, "" where there is none."""
        from phone.ui.bar import meaning

        intent = meaning("SoftKey:" + word)
        return intent.verb if intent else ""

    def offers(self, verb):
        """Whether the page on screen takes such a softkey."""
        keys = self._desk.stack.top.bar.keys
        return verb in ("select", "back", "exit") or verb in [key[1].verb for key in keys if key[1]]

    def soft(self, verb, now):
        """As if a softkey with this verb was pressed; effects."""
        self._desk.stale()
        return self._desk.soft(verb, now)

    @property
    def has_calls(self):
        """Whether the phone knows who has called."""
        return self._desk.stack.idle.calls is not None

    def own(self, name, now):
        """Show a page of the phone's own; effects."""
        self._desk.stale()
        return self._desk.open(name, now)

    def clear(self, now):
        """The window of a Status goes from the screen; effects."""
        self._desk.stack.window = None
        self._desk.stale()
        return []

    def dial(self, number, now):
        """Hand a number to the call side; effects. Until there is one, it is shown."""
        from phone.ui.note import NoteView

        say = self._theme.say
        title = say(phrase("Call %s", number))
        return self._put(NoteView(title, (say(NO_LINE),), (), self._theme, None), now)

    def edit(self, number, now):
        """Let the person change a number before it is dialled; effects."""
        from phone.ui.ask import dial_view

        return self._put(dial_view(number, self._theme, None), now)

    def _aid(self, name, kind):
        return self._desk.pages().aid(name, kind, self._desk.tell)

    def _put(self, view, now):
        self._desk.stack.push(view)
        self._desk.stale()
        return self._client.cancel(now)

    def light(self, dark, minutes, now):
        """The screen goes dark for so many minutes, 0 for ever, or is lit as ever; effects."""
        from phone.core.dusk import Dusk

        return self._aid("dusk", Dusk).shine(dark, minutes, now)

    def notify(self, letter, now):
        """Send a Letter of core/notify.py; effects."""
        from phone.core.notify import Notifier

        return self._aid("notify", Notifier).send(letter, now)


def do(desk, client, theme, uri, chosen, now):
    """Do what a URI says that is no page's: (status, what is said, effects) as of core/uris.py. chosen: the
    person wants it.
    """
    if desk.deep >= _DEEP_MAX:
        return uris.NOT_NOW, uris.LACKS, []
    desk.deep += 1
    try:
        return uris.do(uri, Able(desk, client, theme, None), now, chosen)
    finally:
        desk.deep -= 1
