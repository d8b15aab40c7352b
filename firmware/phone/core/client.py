"""Requests for the screen, one at a time: what a person wants of servers. core/quest.py: how it is got."""

from phone.core import run as runs, trouble
from phone.core.quest import Quest
from phone.core.result import Context, Result, again
from phone.core.walk import LinkWalk, ServiceWalk
from phone.phrases import phrase
from phone.wire import url as urls


class Client(Quest):
    @property
    def loading(self):
        """Whom we are waiting for, as the user knows it, or None."""
        return ", ".join([run.label for run in self.race.runs]) or None

    @property
    def busy(self):
        return bool(self.race.runs)

    @property
    def walks(self):
        """Whether a service is being opened."""
        return self.busy and self._wanted.walks

    def open_service(self, service, now, moved=""):
        return self.ask(Context(service, None, None, True, False, False, None), now, moved)

    def open_link(self, reference, context, now, form=None, safe=False):
        """Follow what is written on the page of `context`; form: bytes that are posted there; safe: it may be
        sent twice.
        """
        url = urls.join(context.url, reference)
        if url is None:
            said = trouble.not_ours(reference, urls.scheme(reference))
            self.result = Result(None, (), {}, context, said, None, None)
            return self.cancel(now)
        link = (url, form)
        if self._vain and self._link == link:  # whoever does it once more is asked before it goes elsewhere
            return self.ask(self._vain, now)
        self._link = link
        pointer = context.pointer
        if not pointer or urls.site(url) != urls.site(pointer.url):
            pointer = self._book.at(context.service, url)
        other = self._book.instead(context.service, pointer, now) if pointer else None
        moved = ""
        if other:
            moved = phrase("%s is not well.", pointer.label)
            url = urls.rebase(url, pointer.url, other.url)
        wanted = Context(context.service, other or pointer, url, False, False, False, form)
        own = context.pointer and context.pointer.safe  # of the page it stands on
        return self.ask(wanted, now, moved, form is None and bool(safe or own))

    def ask(self, context, now, moved="", safe=False):
        """Ask for what a Context names, once more or for the first time. safe: it may be sent twice."""
        out = self.cancel(now)
        self.result = None
        self._wanted = self._target = context
        self._open = self._unasked = True
        self._walk = (ServiceWalk if context.walks else LinkWalk)(self._book, context)
        self._spare = None
        self.race.tried = []
        self._moved = moved
        self._safe = context.walks or safe
        self._begun = now
        return out + self._next(runs.KEY if context.walks else runs.LINK, now)

    def reload(self, context, now):
        """Load the page of `context` again: a service walks, a link stays with the server that gave it."""
        return self.ask(context if context.walks else again(context), now)

    def login(self, context, typed, now):
        """Ask once more, with the (user name, password) that a person typed for the site of `context`."""
        from phone.core import logins

        logins.keep(self._requests.logins, context.url, *typed + (now,))
        return self.reload(context, now)

    def leave(self):
        """The person has left all pages: servers begin anew with the next one."""
        self._requests.cookies, self._requests.logins = {}, []

    def cancel(self, now):
        """The person does not want to wait any longer."""
        self._open = self._unasked = False
        return self.race.close(now)

    def relieve(self, said, now):
        """A feed broke off for want of room, and connections are closed: begin once more, or give up."""
        if self._unasked and not self.busy:
            return self.ask(self._wanted, now, self._moved, self._safe)
        return self.give_up(said, now, True)

    def take(self):
        result, self.result = self.result, None
        if result:
            self._open = self._unasked = False
        return result

    def _entry(self, target, said, now):
        """The server in use has not got the page of another one: its own first page is better than none."""
        begun = self._begun
        out = self.open_service(target.service, now, said)
        self._begun = begun
        return self._journal.say(said, now) + out
