"""What goes on the screen: what a request came to, what was pushed, the page in the place of the idle screen.

    Result --a page--> a view in its place --Refresh--> life.py
      |  \\__ no page: why, and what can be done (ui/views.py)
      \\_____ an Execute: done (orders.py), and its page asked for
"""

from micropython import const

from phone.core.pointers import IDLE
from phone.core.result import label
from phone.core.trouble import TITLES, mended
from phone.phrases import phrase
from phone.ui.views import aged_view, page_view, trouble_view
from phone.wants import Wants

_TURNS_MAX = const(5)  # pages that lead elsewhere one after the other: as many as redirects of HTTP
_CIRCLE = phrase("Its pages lead in a circle.")


class Stage(Wants):
    """The half of the desk (desk.py) that shows. The agent puts in `machines`, its list, and `queue()`, which
    gives core/porter.py.
    """

    machines = queue = None
    _lives = None  # life.py, with the first page that wants it
    _turns = 0  # pages that led elsewhere since one was shown

    @property
    def rests(self):
        """Whether nobody's page is on the screen."""
        return not self.stack.depth or self.covered

    @property
    def covered(self):
        """Whether the page in the place of the idle screen is there (idling.py)."""
        context = self.stack.top.context
        return bool(context) and context.service == IDLE

    def cover(self, now):
        """Nobody wants anything: load the page in the place of the idle screen; effects."""
        aging = self._aging
        aging.awaits, aging.quiet = self.stack.top if self.covered else None, True
        self._replaces, self._title = False, self._theme.say(TITLES[IDLE])
        return self._client.open_service(IDLE, now)

    def uncover(self):
        """Somebody is there: that page goes."""
        if self.covered:
            self.stack.home()
            self.stale()

    def leave(self, now):
        """It is not wanted any more, should it be on its way; effects."""
        waits, self._aging.quiet = self._aging.quiet and self.rests, False
        return self._client.cancel(now) if waits else []

    def _live(self, view, life, now, again=False):
        """Its server said of the page on top what is to become of it."""
        if not self._lives:
            from phone.life import PageLife

            self._lives = PageLife(self.stack, self._client, self._aging, self._obey)
            self.machines.append(self._lives)
        self._lives.begin(view, life, now, again)

    def lay(self, result, now):
        """Put a page that was pushed over whatever is on screen; effects."""
        self.stale()
        view = page_view(result.record, self._theme, "", result.context)
        if view is None:
            return self._order(result, None, now)
        self._turns = 0
        self.stack.push(view)
        if view.floats:
            return []
        self.stack.notice("", now)
        if result.life:
            self._live(view, result.life, now)
        return []

    def _order(self, result, quiet, now):
        """The answer is no page, but what is to be done (Execute); effects. quiet: nobody waited for it;
        None: it was pushed.
        """
        from phone import orders  # few answers are no pages

        self.look(now)  # nothing is waited for any more, so keys are free
        aging, context = self._aging, result.context
        before = self._replaces, self._title, aging.awaits
        item, failed, out = orders.obey(result.record, self.do, quiet is False, now)
        self._replaces, self._title, aging.awaits = before
        if item and self._turns >= _TURNS_MAX:
            failed, item = _CIRCLE, None
        if failed:
            self.tell(failed, now)
            told = phrase("%s wants something done, in vain: %s", label(context), failed)
            out += self._journal.say(told, now)
        if not item:
            aging.awaits = None
            return out
        self._turns += 1
        if quiet is None or item.priority:
            return out + orders.wait(item, context, self.queue, self.tell, now)
        if context.walks and not (self._replaces or aging.awaits):
            self.stack.home()
        aging.quiet = quiet
        return out + self._client.open_link(item.url, context, now, None, context.walks)

    def show(self, result, now):
        """Put what a request came to (core/result.py) on the screen; effects."""
        self.stale()
        quiet = self._aging.quiet
        if not self._aging.takes(result):
            return []
        result = self._aging.spare(result)
        notice = self._theme.say(result.notice)
        if result.record is None and not result.sentences:
            self.stack.notice(notice, now)
            return []
        title = self.stack.top.title if self._aging.refreshes else self._title
        if result.copy:
            view = aged_view(result, self._theme, title)
        elif result.record:
            view = page_view(result.record, self._theme, title, result.context)
        else:
            view = trouble_view(result, title, self._theme)
        if view is None:
            return self._order(result, quiet, now)
        self._turns = 0
        if view.floats:
            self.stack.push(view)
            return []
        self._put(view, result, now)
        if notice:
            self.stack.notice(notice, now)
        out = self._aging.shown(result, view, now)
        for said in mended(result.record) if result.record and not result.copy else ():
            out += self._journal.say(said, now)
        return out

    def _put(self, view, result, now):
        """A page in its place: that of the page on top, or above it."""
        top = self.stack.top
        life = result.life or self._aging.refreshes and result.copy and top.life
        if self._aging.refreshes:
            self.stack.refresh(view, now)
        else:
            if result.record and top.life and top.life.expired and not self._replaces:
                self.stack.pop()
            if result.context.walks and not self._replaces:
                self.stack.home()
            (self.stack.replace if self._replaces else self.stack.push)(view)
        if self.covered:  # whoever presses a key wants the phone
            view.bar = self.stack.idle.bar
        if life:
            self._live(view, life, now, not result.life)
