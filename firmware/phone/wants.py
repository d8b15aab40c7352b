"""What becomes of what a person wants: an Intent of ui/screen.py, whose verbs ui/stack.py lists.

    Intent --> a page of a server: core/client      a page of the phone's own: own.py      anything else: here
"""

from phone.core.pointers import SERVICES
from phone.core.trouble import TITLES
from phone.phrases import phrase


class Wants:
    """The half of the desk (desk.py) that does. `own_pages(stack, look)` makes phone/own.py's OwnPages."""

    def __init__(self, theme, stack, client, journal, aging, own_pages):
        self.stack = stack
        self._theme = theme
        self._client = client
        self._journal = journal
        self.aging = aging
        self._own_pages = own_pages
        self._own = None
        self.deep = 0  # URIs that are being done (able.py)
        self._replaces = False  # the page to come takes the place of the one on top
        self._title = ""  # for a page that has none

    def _obey(self, intent, now):
        """Do what the person wants; effects."""
        if intent is None:
            return []
        client = self._client
        verb, value = intent
        view = self.stack.top
        if verb == "next":
            life = view.life
            verb, value = ("open", life.url) if life and life.url else ("update", "")
        if verb == "open" and _is_uri(value):
            status, said, out = self.do(value, True, now)
            if status:
                self.tell(said, now)
            return out
        self._replaces = verb in ("update", "key", "login")
        self.aging.awaits = view if self._replaces and view.aged else None
        self.aging.quiet = False
        self._title = view.title if self._replaces else self.stack.chosen
        if verb == "service":
            self._title = self._theme.say(TITLES[value])
            if value in SERVICES:
                return client.open_service(value, now)
            self.stack.home()
            return client.cancel(now) + self._open(value, now)
        if verb == "open":
            return client.open_link(value, view.context, now) if view.context else self._open(value, now)
        if verb == "post":
            url, form = value
            return client.open_link(url, view.context, now, form)
        if verb == "login":
            return client.login(view.context, value, now)
        if verb == "update":
            return client.reload(view.context, now) if view.context else self._open(view.own, now)
        if verb == "key":
            return client.ask(view.offers[value], now)
        return client.cancel(now) + self._go_on(verb, view, now)

    def _go_on(self, verb, view, now):
        """What asks no server; effects."""
        if verb == "why":
            return self._open("servers", now)
        if verb == "search":
            from phone.ui.search import search_view  # seldom wanted

            self.stack.push(search_view(view, self._client.cache, self._theme))
        elif verb == "cancel":
            self.stack.notice(self._theme.say(phrase("Cancelled.")), now)
            return self._journal.say(phrase("The person did not want to wait."), now)
        elif not self.stack.depth:
            self._client.leave()
        return []

    def do(self, uri, chosen, now):
        """Do what a URI says that is no page's: (status, what is said, effects) as of core/uris.py. chosen:
        the person wants it; None: a page does, by itself.
        """
        from phone.outside import Outside

        return Outside(self, self._client, self._theme, None).do(uri, now, chosen)

    def soft(self, verb, now):
        """Do what a softkey with this verb does; effects."""
        return self._obey(self.stack.soft(verb, now), now)

    def open(self, name, now):
        """Somebody at the panel link wants one of the phone's own pages: as with a hard key; effects."""
        from phone.core import settings

        if not settings.known(name):
            return self._journal.say(phrase("The panel asked for a page that is not there: %s", name), now)
        self._replaces = False
        self.stack.home()
        self.stack.notice("", now)
        return self._client.cancel(now) + self._open(name, now)

    def _open(self, name, now):
        """Show one of the phone's own pages; effects."""
        return self.pages().open(name, self._replaces, now)

    def pages(self):
        """own.py OwnPages, fetched when it is wanted."""
        self._own = self._own or self._own_pages(self.stack, self.look)
        return self._own


def _is_uri(link):
    """Whether it is for core/uris.py: no page's address, and no name of a page of the phone's own."""
    scheme, colon, _ = link.partition(":")
    return bool(colon) and scheme.isalpha() and scheme.lower() not in ("http", "https")
