"""Pages that their servers want loaded again, or followed by another, after a while (Refresh).

    on top --its time, SOON_MS on top at least--> asked for --a page--> in its place
      ^  \\__ typed into, a request runs, no network: it waits    \\__ none: the page stays, and says so
      +----------------- its time again, after RETRY_MS at least ------+

Nobody waits for that: no key is locked, nothing is said of asking, and what a person wants goes first. It is
asked for as a person would: a service walks from server to server, a link goes to the server in use. It may
be asked for twice, since a server that has it loaded by a clock cannot mean it as a command.

Loaded with the first such page.
"""

from micropython import const

from phone.core.machine import Machine
from phone.wire import url as urls

SOON_MS = const(1000)  # a person has to see what goes, and a server is not to be asked more often
RETRY_MS = const(10000)  # after a page that did not come: as long as a server that failed rests


class PageLife(Machine):
    """`aging`: ageless.py; `desk`: desk.py."""

    def __init__(self, stack, client, aging, desk):
        self._stack = stack
        self._client = client
        self._aging = aging
        self._desk = desk
        self._seen = None  # the view that was on top at the last look, and since when, in ms
        self._since = 0

    def begin(self, view, life, now, again=False):
        """`view` comes on the screen with this Life (core/result.py); again: its page did not come, and this
        is the one that was there.
        """
        view.due = None
        self._seen, self._since = view, now
        if life.refresh > 0 or _is_uri(life.url):
            view.due = now + max(life.refresh * 1000, RETRY_MS if again else SOON_MS)
        if life.url and view.bar is not self._stack.idle.bar:
            from phone.ui.defaults import follow

            follow(view.bar)

    def deadline(self):
        view, client = self._stack.top, self._client
        life = view.life
        if not life or life.refresh < 0 or view.due is None or view.form:
            return None
        waits = client.busy or client.result or not client.up
        return None if waits else max(view.due, self._since + SOON_MS)

    def tick(self, now):
        view = self._stack.top
        if view is not self._seen:
            self._seen, self._since = view, now
        due = self.deadline()
        return [] if due is None or now < due else self._load(view, now)

    def _load(self, view, now):
        life, context = view.life, view.context
        if _is_uri(life.url):
            view.due = None
            status, said, out = self._desk.do(life.url, None, now)  # no person chose it
            if status:
                self._desk.tell(said, now)
            return out
        view.due = now + max(life.refresh * 1000, RETRY_MS)  # should nothing come of it
        self._aging.awaits, self._aging.quiet = view, True
        if context.walks and urls.join(context.url, life.url) == context.url:
            return self._client.reload(context, now)
        return self._client.open_link(life.url, context, now, None, True)


def _is_uri(url):
    """Whether it is an address of the phone's own, such as SoftKey:Exit."""
    scheme = urls.scheme(url)
    return bool(scheme) and scheme not in urls.PORTS
