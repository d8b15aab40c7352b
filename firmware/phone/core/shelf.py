"""Copies on the flash: of each service its last good page, in the cold record "page.SERVICE" of the store.

    a page came --> put()  --> the store sees whether it differs, and writes it in idle time
    a key, and no copy in RAM --> load() --> the cache, a few turns of the loop later

When a server last gave each of them is in one small record, so that a page that stays as it is need not be
written again; it counts only for the very bytes that it was made for: no age is better than a wrong one.
"""

from binascii import crc32

from micropython import const

from phone.core.cache import Copy
from phone.core.pointers import IDLE, SERVICES
from phone.core.result import Context
from phone.wire import url as urls

TIMES = "pages"  # the hot record: for each of SERVICES what was asked for, the page's check, unix seconds
_ENTRY = const(12)  # bytes of each: three numbers
_NONE = bytes(_ENTRY)
_BLANK = const(256)  # bytes of a piece that stands for nothing
_DATED_S = const(3600)  # an age may be too high by this much: each note of it is a write


class Shelf:
    """`store`: core/store.py; `wall`: core/wall.py."""

    def __init__(self, cache, book, store, wall):
        self.now = 0  # ms
        self.reading = {}  # service -> [what reads its page, the check so far]
        self._cache = cache
        self._book = book
        self._store = store
        self._wall = wall
        self._known = {}  # service -> (asked, check) of what is on the flash, or on its way there
        self._seconds = {}  # service -> unix seconds of the page that was loaded

    def put(self, copy, changed):
        """An entry page came, and is in the cache; changed: it is another one than before."""
        service, asked = copy.context.service, copy.asked
        if service == IDLE:  # it is loaded again and again, and a flash wears out
            return
        known = self._known.get(service)
        if known and known[0] == asked and not changed:
            self._date(service, copy.at)
            return
        self._known.pop(service, None)
        self._store.write("page." + service, lambda: self._make(service, asked), self.now)

    def drop(self, service, asked):
        """The server does not want its page to be kept."""
        if service != IDLE and self._entry(service)[:4] == _mark(asked):
            self._store.drop("page." + service, self.now)
            self._note(service, _NONE)

    def load(self, service):
        """Begin to read the copy of a service into the cache, if there is one: it is `reading` until then."""
        asked = service != IDLE and self._entry(service)[:4]
        if service not in self.reading and asked in [_mark(p.url) for p in self._book.of(service)]:
            from phone.core import pages  # not before there is something to read

            reader = pages.read()
            next(reader)
            self.reading[service] = [reader, 0]
            self._store.fetch("page." + service, lambda piece: self._give(service, piece), self.now)

    def age(self, copy, now):
        """Seconds since a server gave this page, or None."""
        if copy.at is not None:
            return max(0, now // 1000 - copy.at)
        clock, then = self._wall.utc(now), self._seconds.get(copy.context.service)
        return clock - then if clock and then and clock >= then else None

    def _give(self, service, piece):
        """A piece of a page that is being read; None: that was all; False: there is no more of it."""
        reading = self.reading[service]
        if piece is not None and piece is not False:
            reading[0].send(piece)
            reading[1] = crc32(piece, reading[1])
            return
        del self.reading[service]
        found = reading[0].send(None) if piece is None else None
        if not found or self._cache.find(found[0]):  # a server was quicker
            return
        asked, url, terms, record = found
        entry, self._seconds[service] = self._entry(service), 0
        if entry[:8] == _mark(asked, reading[1]):
            self._seconds[service] = int.from_bytes(entry[8:], "big")
            self._known[service] = asked, reading[1]
        for pointer in self._book.of(service):
            if pointer.url == asked:
                owner = pointer if urls.site(url) == urls.site(asked) else self._book.at(service, url)
                context = Context(service, owner, url, True, True, False, None)
                self._cache.keep(Copy(asked, context, record, None, *terms))
                return

    def _make(self, service, asked):
        """The bytes of the copy, and what is to be remembered of them."""
        copy = self._cache.find(asked)
        if copy is None:  # memory was short since: more than the store takes leaves the flash as it is
            from phone.core.cold import COLD_MAX

            for _ in range(COLD_MAX // _BLANK + 1):
                yield bytes(_BLANK)
            return
        from phone.core import pages

        check = 0
        for piece in pages.pieces(copy):
            check = crc32(piece, check)
            yield piece
        self._known[service] = asked, check
        self._date(service, copy.at)

    def _date(self, service, at):
        """Note when the page that is on the flash, or on its way there, was last given."""
        clock = self._wall.utc(self.now)
        seconds = 0 if clock is None or at is None else max(0, clock - (self.now // 1000 - at)) & 0xFFFFFFFF
        mark, old = _mark(*self._known[service]), self._entry(service)
        if old[:8] != mark or seconds - int.from_bytes(old[8:], "big") >= _DATED_S:
            self._note(service, mark + seconds.to_bytes(4, "big"))

    def _entry(self, service):
        """What is noted of the page of a service."""
        data = self._store.get(TIMES) if self._store.ready else None
        at = _ENTRY * SERVICES.index(service)
        return data[at : at + _ENTRY] if data and len(data) == _ENTRY * len(SERVICES) else _NONE

    def _note(self, service, entry):
        if self._store.ready:
            entries = [entry if other == service else self._entry(other) for other in SERVICES]
            self._store.put(TIMES, b"".join(entries), self.now)


def _mark(url, check=None):
    """A number for a Url, and one more for the check of its page."""
    mark = crc32(urls.text(url).encode()).to_bytes(4, "big")
    return mark if check is None else mark + check.to_bytes(4, "big")
