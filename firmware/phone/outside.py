"""What comes to the screen from outside, unasked: pushed pages, calls, messages that wait.

It joins the desk and the client for those machines that hear from the network (core/managers.py,
core/errands.py), as the desk does for keys.
"""

from phone.events import Key


class Outside:
    """`requests`: core/run.py, for who fetches a page himself."""

    def __init__(self, desk, client, theme, requests):
        self._desk = desk
        self._client = client
        self._theme = theme
        self.requests = requests

    @property
    def has_form(self):
        """Whether something half-typed is on the screen, which nobody may take away."""
        return self._desk.stack.form

    @property
    def is_idle(self):
        """Whether no page is on the screen, or only the one in the place of the idle screen."""
        return self._desk.rests

    @property
    def rings(self):
        """Whether somebody calls just now."""
        calls = self._desk.stack.idle.calls
        return bool(calls and calls.ringing)

    @property
    def busy(self):
        """Whether somebody waits for a page."""
        return self._client.busy or self.comes

    @property
    def comes(self):
        """Whether it is there, and on the screen at the end of this feed."""
        return self._client.result is not None

    @property
    def up(self):
        """Whether there is a network."""
        return self._client.up

    def service(self, service, now):
        """Show the page of a service, whose first server is a new one, as its key does; effects."""
        return self.press(service, now)

    def tell(self, said, now):
        """Say a phrase for a while, beside what is on screen."""
        self._desk.tell(said, now)

    def news(self, calls):
        """What is told of calls and messages (core/calls.py) is to be seen on the idle screen."""
        self._desk.status.calls = self._desk.stack.idle.calls = calls
        self._desk.stale()

    def put(self, result, now):
        """A page that nobody here asked for (core/result.py), over whatever is on screen; effects."""
        self.requests.shows(result, now)
        return self._desk.lay(result, now)

    def do(self, uri, now, chosen=False):
        """Do what a URI says that is no page's: (status, what is said, effects) of core/uris.py. chosen: the
        person wants it, and nobody pushed it.
        """
        from phone import able

        return able.do(self._desk, self._client, self._theme, uri, chosen, now)

    def press(self, key, now):
        """As if a key of the keypad was pressed; effects."""
        self._desk.stale()
        return self._desk.key(Key(key, True), now) + self._desk.key(Key(key, False), now)

    def leave(self, now):
        """Back to the idle screen; effects."""
        self._desk.stale()
        self._desk.stack.home()
        return self._client.cancel(now)
