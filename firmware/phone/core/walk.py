"""Who is asked next, in one request: the next Context at each call, or None when nobody is left.

A service walks through its pointers, in the order of the book as it is at that moment: a server whose
wait (Retry-After) ends while others are asked is asked too. A link stays with its server; where no
byte of it was sent, it goes to the same page on the next one. Nobody is asked twice.
"""

from phone.core.result import Context
from phone.wire import url as urls


def linked(book, context, url, now):
    """Where a link to `url` on the page of `context` leads: (Context for a GET, the Pointer that it was
    written for and that is not well, or None). It is put on the pointer in use instead then.
    """
    pointer = context.pointer
    if not pointer or urls.site(url) != urls.site(pointer.url):
        pointer = book.at(context.service, url)
    other = book.instead(context.service, pointer, now) if pointer else None
    unwell = pointer if other else None
    if other:
        url = urls.rebase(url, pointer.url, other.url)
    return Context(context.service, other or pointer, url, False, False, False, None), unwell


class ServiceWalk:
    def __init__(self, book, context):
        self.said = []  # about servers that were left out
        self._book = book
        self._service = context.service
        self._asked = []

    def other(self, now):
        """What the person could be offered instead: one who is not asked without a word of his, or None."""
        for pointer in self._book.of(self._service) if self._book.wary else ():
            if pointer not in self._asked and self._book.is_wary(pointer, now):
                return Context(self._service, pointer, pointer.url, False, False, True, None)
        return None

    def beside(self, busy, has_room, now):
        """One to ask while the sites `busy` are silent: not asked yet, with a connection left, and well;
        where those that are silent are unwell themselves, nobody well is left, and any will do.
        """
        any_well = any([p.health.well for p in self._asked if urls.site(p.url) in busy])
        for pointer in self._book.order(self._service, now):
            fits = urls.site(pointer.url) not in busy and (pointer.health.well or not any_well)
            fits = fits and not self._book.is_wary(pointer, now)
            if fits and pointer not in self._asked and has_room(pointer.url):
                return self._take(pointer)
        return None

    def next(self, now):
        for pointer in self._book.order(self._service, now):
            if pointer not in self._asked:
                return self._take(pointer)
        for pointer in self._book.of(self._service):
            if pointer in self._asked:
                continue
            if pointer.health.is_asked_to_wait(now):
                self.said.append(_keeps_away(pointer.health, pointer.label, now))
            elif self._book.is_wary(pointer, now):
                from phone.core import suspects

                self.said.append(suspects.words(pointer, self._book, now))
        return None

    def _take(self, pointer):
        self._asked.append(pointer)
        return Context(self._service, pointer, pointer.url, True, False, False, None)


class LinkWalk:
    def __init__(self, book, context):
        self.said = []
        self._book = book
        self._context = context
        self._asked = []  # sites

    def next(self, now):
        context = self._context
        if not self._asked:
            self._asked.append(urls.site(context.url))
            if self._may_ask(context, now):
                return context
        other = None if context.once else self.other(now)
        if other:
            self._asked.append(urls.site(other.url))
        return other

    def other(self, now):
        """The same page on the next server that was not asked, as a Context, or None.

        A path below the folder of the old pointer is put below the folder of the new one.
        """
        old = self._context.pointer
        if old is None:
            return None
        for pointer in self._book.order(self._context.service, now):
            if urls.site(pointer.url) not in self._asked:
                url = urls.rebase(self._context.url, old.url, pointer.url)
                return url and Context(self._context.service, pointer, url, False, False,
                                       self._context.once, self._context.body)
        return None

    def _may_ask(self, context, now):
        health = self._book.health(context.url)
        if not health.is_asked_to_wait(now):
            return True
        label = context.pointer.label if context.pointer else context.url.host
        self.said.append(_keeps_away(health, label, now))
        return False


def _keeps_away(health, label, now):
    from phone.core import refusals

    return refusals.keeps_away(health, label, now)
