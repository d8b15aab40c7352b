"""The pictures of the page on top: fetched one after the other, unpacked while nothing else is to be done.

    nothing --the view wants one, and nobody waits for a page--> FETCH --> UNPACK --> the view has it
       ^                                                            |         |
       |    a page is asked for: it begins again later; another one |         |
       +----------------------------- is on top: it is forgotten ---+         +--no picture--> a sentence

A picture is asked for as a link of its page is, but may be asked for twice. Which are wanted the view says
(ui/view.py: wants, fit, picture); each is tried once for each time that its page comes. Icons by name
(Resource:Icon.Messages) are the phone's own. Loaded with the first page that wants one.
"""

from micropython import const

from phone.core.machine import Machine
from phone.core.pushed import Pushed
from phone.core.run import PICTURE
from phone.core.trouble import not_ours
from phone.core.walk import linked
from phone.events import Closed, Opened, Received
from phone.phrases import phrase
from phone.records import Unshown
from phone.wire import png, url as urls

ACCEPT = "image/png"
# Of one page: ten icons are the most that the vocabulary has (services-xml.md section 2), and a picture.
PICTURES_MAX = const(12)
# Bytes of packed data; a photograph as large as a services pane (298x168) has some 100 KB.
_PACKED_MAX = const(131072)
# Packed it takes a third of what is free at most, and two with what unpacking takes: the rest is for a page.
_PART = const(3)
_WINDOW_MAX = const(32768)  # of RFC 1951: so far back copies may reach
_SCRATCH = const(12288)  # bytes that unpacking takes beside its window, its rows and the picture
_WIDTH_MAX, _POINTS_MAX = const(480), const(76800)  # of what is shown: no display of ours is larger
_SOON_MS = const(20)  # while it is unpacked: then somebody looks whether that is done
_LATER_MS = const(1000)  # then connections are looked for again

_CANNOT = phrase("This phone cannot show such pictures (PNG).")
_TOO_MANY = phrase("There are more pictures on this page than the phone fetches.")
_NO_ROOM = phrase("The picture needs more memory than the phone has.")


class Wanted(Pushed):
    """A picture that is being fetched; `most`: bytes that are taken of it."""

    def __init__(self, context, book, requests, most):
        Pushed.__init__(self, context, book, requests)
        self._most = most

    def _run_of(self, target, now):
        run = self._requests.run(target, PICTURE, True, now)
        run.fetch.accept = ACCEPT
        run.fetch.reader = self._reader
        return run

    def _reader(self, content_type):
        return png.PngReader(self._most)

    def _in_vain(self, run, text):
        return phrase("The picture did not come: %s %s.", run.label, text)


class Pictures(Machine):
    """`desk`: desk.py; `theme`: ui/theme.py; `unpack()`: what unpacks (runtime/inflate.py), or None;
    `heap()`: (free, used), or None. The others are those of the phone.
    """

    def __init__(self, desk, theme, unpack, heap, book, net, requests, client, journal):
        self._book = book
        self._net = net
        self._requests = requests
        self._client = client
        self._journal = journal
        self._desk = desk
        self._levels = len(set(theme.palettes["page"]))  # of the display: 2 or 4
        self._unpack = unpack
        self._heap = heap
        self._view = None  # whose pictures these are
        self._given = []  # the indexes of those that it was given
        self._most = 0  # bytes that one may take, packed, and again to be unpacked
        self._index = 0  # of the one under way
        self._page = None  # Wanted
        self._room = None  # wire/darkroom.py Darkroom
        self._dark = False  # it is at work
        self._short = False  # of memory: what is under way is given up
        self._look_at = None  # ms

    def tick(self, now):
        """Go on, and look what is wanted; effects."""
        view = self._desk.stack.pictured
        out = []
        if view is not self._view:
            out = self.cancel(now)
            self._view, self._given, self._most = view, [], 0
        try:
            return out + self._go_on(now)
        except MemoryError:
            return out + self._give_up(now)

    def deadline(self):
        top = self._desk.stack.pictured
        if top is not self._view and top.wants():
            return 0
        return self._page.deadline() if self._page else self._look_at

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not ours."""
        if not self._page or type(event) not in (Opened, Received, Closed):
            return None
        try:
            return self._page.receive(event, now)
        except MemoryError:
            return self._give_up(now)

    def cancel(self, now):
        """What is under way begins again another time; effects."""
        page, self._page = self._page, None
        self._room, self._dark, self._short = None, False, False
        self._look_at = None
        return page.cancel(now) if page else []

    def low(self):
        self._short = bool(self._page or self._room)
        self._room, self._dark = None, False

    def work(self):
        """One short step of unpacking; True while there is more."""
        if self._dark:
            try:
                self._dark = self._room.work()
            except MemoryError:
                self.low()
        return self._dark

    def _go_on(self, now):
        if self._short:
            return self._give_up(now)
        if self._page and self._client.busy:  # the person comes first
            return self.cancel(now)
        out = []
        if self._page:
            out = self._page.tick(now) + self._settle(now)
        if self._room and not self._dark:
            out += self._developed(now)
        if not self._page and not self._room:
            out += self._begin(now)
        if self._room:
            self._look_at = now + _SOON_MS
        return out

    def _begin(self, now):
        """Fetch the next one that is wanted; effects."""
        self._look_at = None
        wanted = [one for one in self._view.wants() if one[0] not in self._given]
        if not wanted:
            return []
        self._index, reference = wanted[0]
        self._look_at = now  # for the next one, where this one is done at once
        if len(self._given) >= PICTURES_MAX:
            return self._fail(_TOO_MANY, now)
        if reference[:9].lower() == "resource:":
            from phone.core.resources import resource

            return self._give(resource(reference), now)
        context = self._view.context
        url = urls.join(context.url, reference) if context else None
        if not url:
            return self._fail(not_ours(reference, urls.scheme(reference)), now)
        if not (self._unpack and self._unpack()):
            return self._fail(_CANNOT, now)
        self._look_at = None
        if not self._client.up or self._client.busy or self._client.result:
            return []
        context, _ = linked(self._book, context, url, now)
        if not self._net.has_room(context.url):
            self._look_at = now + _LATER_MS
            return []
        self._page = Wanted(context, self._book, self._requests, self._room_for())
        return self._page.begin(now) + self._settle(now)

    def _room_for(self):
        """Bytes that a picture of this page may take; looked up once a page, as it collects garbage."""
        if not self._most:
            free = self._heap()[0] if self._heap else _PART * _PACKED_MAX
            self._most = min(_PACKED_MAX, free // _PART)
        return self._most

    def _settle(self, now):
        """See what has become of the one that is fetched; effects."""
        page = self._page
        if page.said:
            self._page = None
            return self._fail(page.said, now)
        if not page.result:
            return []
        record, self._page = page.result.record, None
        if type(record) is Unshown:
            return self._fail(record.why, now)
        return self._develop(record, now)

    def _develop(self, record, now):
        """It is there, packed; effects."""
        from phone.wire.darkroom import Darkroom

        width, height = self._view.fit(self._index, record.width, record.height)
        width, height = max(1, min(width, record.width)), max(1, min(height, record.height))
        while width > _WIDTH_MAX or width * height > _POINTS_MAX:
            width, height = (width + 1) // 2, (height + 1) // 2
        row = png.row_bytes(record)[0]
        size = (row + 1) * record.height
        needs = min(size, _WINDOW_MAX) + 3 * row + width * height // 4 + _SCRATCH
        if needs + len(record.pieces) * png.PIECE > 2 * self._most:
            return self._fail(_NO_ROOM, now)
        stream = self._unpack()(record.pieces, size)
        self._room = Darkroom(record, stream, (width, height), self._levels)
        self._dark = True
        return []

    def _developed(self, now):
        picture = self._room.picture()
        self._room = None
        return self._give(picture, now) if picture else self._fail(png.DAMAGED, now)

    def _give(self, picture, now):
        """The view has it, or no such thing is there; effects."""
        if not picture:
            return self._fail(phrase("The phone has no picture of that name."), now)
        self._hand(picture, "")
        return []

    def _fail(self, said, now):
        self._hand(None, said)
        return self._journal.say(said, now)

    def _hand(self, picture, said):
        self._given.append(self._index)
        self._view.picture(self._index, picture, said)
        self._desk.stale()

    def _give_up(self, now):
        """There is no room for the one under way; effects."""
        return self.cancel(now) + self._fail(_NO_ROOM, now)
