"""What goes on the screen: what a request came to, what was pushed, the page in the place of the idle screen.

    Result --a page--> a view in its place --Refresh--> life.py
      |  \\__ no page: why, and what can be done (ui/views.py)
      \\_____ an Execute: done (orders.py), and its page asked for
"""

from phone.core.pointers import IDLE
from phone.ui.views import aged_view, page_view, trouble_view
from phone.wants import Wants


class Stage(Wants):
    """The half of the desk (desk.py) that shows. The agent puts in `machines`, its list, and `queue()`, which
    gives core/porter.py.
    """

    machines = queue = None
    _lives = None  # life.py, with the first page that wants it
    turns = 0  # pages that led elsewhere since one was shown

    @property
    def rests(self):
        """Whether nobody's page is on the screen."""
        return not self.stack.depth or self.covered

    @property
    def covered(self):
        """Whether the page in the place of the idle screen is there (idling.py)."""
        context = self.stack.top.context
        return bool(context) and context.service == IDLE

    def _live(self, view, life, now, again=False):
        """Its server said of the page on top what is to become of it."""
        view.life = life
        if life.refresh < 0:  # it had expired, as pages of many servers have
            return
        if not self._lives:
            from phone.life import PageLife

            self._lives = PageLife(self.stack, self._client, self.aging, self)
            self.machines.append(self._lives)
        self._lives.begin(view, life, now, again)

    def lay(self, result, now):
        """Put a page that was pushed over whatever is on screen; effects."""
        self.stale()
        view = page_view(result.record, self._theme, "", result.context)
        if view is None:
            return self._order(result, None, now)
        self.turns = 0
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
        journal = self._journal
        before = self._replaces, self._title, self.aging.awaits
        out, page = orders.obey(self, journal, self._client, result, quiet, now)
        self._replaces, self._title, self.aging.awaits = before
        parts = self._client, page, result.context, self._replaces, quiet, now
        return out + orders.follow(self, journal, *parts)

    def show(self, result, now):
        """Put what a request came to (core/result.py) on the screen; effects."""
        self.stale()
        quiet = self.aging.quiet
        if not self.aging.takes(result):
            return []
        result = self.aging.spare(result)
        notice = self._theme.say(result.notice)
        if result.record is None and not result.sentences:
            self.stack.notice(notice, now)
            return []
        title = "" if quiet else self._title  # of the idle page
        if self.aging.refreshes:
            title = self.stack.top.title
        if result.copy:
            view = aged_view(result, self._theme, title)
        elif result.record:
            view = page_view(result.record, self._theme, title, result.context)
        else:
            view = trouble_view(result, title, self._theme)
        if view is None:
            return self._order(result, quiet, now)
        if not result.copy:  # behind an old page the fresh one may lead elsewhere again
            self.turns = 0
        if view.floats:
            self.stack.push(view)
            return []
        self._put(view, result, now)
        if notice:
            self.stack.notice(notice, now)
        out = self.aging.shown(result, view, now)
        if result.record and not result.copy:
            out += self._journal.mended(result.record.mends, now)
        return out

    def _put(self, view, result, now):
        """A page in its place: that of the page on top, or above it."""
        top = self.stack.top
        life = result.life or self.aging.refreshes and result.copy and top.life
        if self.aging.refreshes:
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
