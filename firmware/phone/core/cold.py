"""Large records, piece by piece: pages and learned pointers, which stay on the flash.

    fetch:  look at both heads --> is the newest whole? --> give its pieces
    write:        "                       "            --> do they differ? --> write the other slot
    drop:         "                       "            --> remove the other slot, then this one

One is fetched and one is written at a time. A job is a generator: it yields a Load or a Save and is sent what
came of it, or yields None and goes on in the next step. The slots and their form are those of slots.py;
nothing of a record is in RAM but the piece that is on its way.
"""

from binascii import crc32

from micropython import const

from phone.core.slots import ANSWER_MS, HEAD, file, head, newer, read_head
from phone.events import Load, Loaded, Save

COLD_MAX = const(16384)  # bytes of data: more than the largest page that a small board has room for
EVERY_MS = const(3600000)  # an hour: such a record costs an erase for each 4 KB
BURST = const(2)


class Cold:
    """`note(name, why, now)`: the record is kept ("") or not; effects. pace: {name: ms}, as in slots.py."""

    def __init__(self, note, pace):
        self._note = note
        self._fetches = []  # (name, give), oldest first
        self._writes = {}  # name -> make; None: to be dropped
        self._pace = pace
        self._calm = 0  # ms; nothing is written before: a key was pressed
        self._flushing = False
        self._fetching = None  # the jobs under way
        self._writing = None

    @property
    def settled(self):
        return self._writing is None and not self._writes

    @property
    def is_idle(self):
        """Whether nothing is under way, and nothing wanted: then nobody needs it until somebody does."""
        return self.settled and not self._fetching and not self._fetches

    def fetch(self, name, give):
        self._fetches.append((name, give))

    def write(self, name, make):
        self._writes[name] = make

    def hush(self, calm):
        """A key was pressed: nothing is written before `calm`."""
        self._calm = calm
        if self._writing:
            self._writing.hushed = True

    def deadline(self):
        waits = [0] if self._fetchable() else []
        if self._writing is None:
            waits += [self._due(name) for name in self._writes if not self._is_fetching(name)]
        for job in (self._fetching, self._writing):
            if job:
                waits.append(min(job.until, self._calm) if job.hushed else job.until)
        return min(waits) if waits else None

    def receive(self, event, now):
        """What the hands did; effects."""
        for job in (self._fetching, self._writing):
            effect = job.waits if job else None
            if effect and effect.name == event.name and (type(effect) is Load) == (type(event) is Loaded):
                return self._step(job, event[1], now)
        return []  # the job was given up meanwhile

    def tick(self, now, flushing):
        """Begin what is due and go on with what is under way; effects."""
        self._flushing = flushing
        if self._fetchable():
            name, give = self._fetches.pop(0)
            job = _Job(name, None, now)
            job.steps = job.fetch(give)
            self._fetching = job
        if self._writing is None:
            due = [name for name in self._writes if not self._is_fetching(name) and self._due(name) <= now]
            if due:
                job = _Job(due[0], self._writes[due[0]], now)
                job.steps = job.write() if job.make else job.drop()
                self._writing = job  # whole: memory may be short at any line
                del self._writes[due[0]]
        out = []
        for job in (self._fetching, self._writing):
            if job:
                out += self._go_on(job, now)
        return out

    def _is_fetching(self, name):
        """Whether it has to wait: two jobs with one record would take each other's answers."""
        return self._fetching is not None and self._fetching.name == name

    def _fetchable(self):
        if self._fetching or not self._fetches:
            return False
        return self._writing is None or self._writing.name != self._fetches[0][0]

    def _due(self, name):
        if self._flushing:
            return 0
        return max(self._calm, self._pace.get(name, 0) - (BURST - 1) * EVERY_MS)

    def _go_on(self, job, now):
        job.hushed = job.hushed and now < self._calm and not self._flushing
        if now < job.until:
            return []
        if job.waits is None:
            return self._step(job, None, now)
        if not job.drawn and not job.hushed:
            return self._end(job, now, True)  # the answer was lost
        job.drawn = False
        job.until = now + ANSWER_MS
        return []

    def _step(self, job, answer, now):
        try:
            job.waits = effect = job.steps.send(answer)
        except StopIteration:
            return self._end(job, now)
        if effect is None:
            job.until = now + 1  # the others first
            return []
        if type(effect) is Save:
            self._pace[job.name] = max(self._pace.get(job.name, 0), now) + EVERY_MS
        job.drawn = False
        job.until = now + ANSWER_MS
        return [effect]

    def _end(self, job, now, lost=False):
        job.steps.close()
        if job is self._fetching:
            self._fetching = None
            return []
        self._writing = None
        if (job.why or lost) and not self._flushing:  # once more, later, unless it has changed again
            self._writes.setdefault(job.name, job.make)
            self._pace[job.name] = now + BURST * EVERY_MS
        return [] if job.why is None else self._note(job.name, job.why, now)


class _Job:
    def __init__(self, name, make, now):
        self.name = name
        self.make = make
        self.steps = None  # the generator
        self.waits = None  # the effect that the hands are asked for
        self.until = now  # ms at which it goes on, or is given up
        self.hushed = False  # no piece is written
        self.drawn = False  # a piece was written since `until` was set
        self.why = None  # what a Save came to
        self._blind = False  # a slot cannot be read
        self._number = 0  # of the newest slot, whole or not
        self._total = 0  # CRC-32 so far

    def fetch(self, give):
        end = False
        try:
            found = yield from self._find()
            if found:
                whole = yield from self._read(found[0], read_head(found[1])[1], give)
                end = None if whole else False
        finally:
            give(end)

    def write(self):
        found = yield from self._find()
        total = length = 0
        for piece in self.make():
            total = crc32(piece, total)
            length += len(piece)
            if length > COLD_MAX:
                return
            yield None
        if found and head(read_head(found[1])[0], length, total) == found[1]:
            self.why = ""
            return
        pieces = self._pieces(head(self._number + 1, length, total))
        self.why = yield Save(file(self.name, 1 if found and not found[0] else 0), pieces)
        if not self.why and self._blind and not found:
            yield Save(file(self.name, 1), None)  # it may be read one day, with a later number

    def drop(self):
        found = yield from self._find()
        last = found[0] if found else 0
        for slot in (1 - last, last):  # in this order: a power cut between leaves the record as it was
            self.why = yield Save(file(self.name, slot), None)
            if self.why:
                return

    def _pieces(self, start):
        """What is written: the hands draw a piece a turn."""
        yield start
        for piece in self.make():
            while self.hushed:
                yield b""
            self.drawn = True
            yield piece

    def _find(self):
        """(slot, head) of the newest one that is whole, or None."""
        heads = []
        for slot in (0, 1):
            start = yield Load(file(self.name, slot), 0)
            self._blind = self._blind or start is False
            heads.append(start[:HEAD] if start and read_head(start) else b"")
        numbers = [read_head(start)[0] if start else 0 for start in heads]
        order = (1, 0) if heads[1] and (not heads[0] or newer(numbers[1], numbers[0])) else (0, 1)
        self._number = numbers[order[0]]
        for slot in order:
            length = read_head(heads[slot])[1] if heads[slot] else COLD_MAX + 1
            if length <= COLD_MAX:
                self._total = 0
                whole = yield from self._read(slot, length, self._add)
                if whole and head(numbers[slot], length, self._total) == heads[slot]:
                    return slot, heads[slot]
        return None

    def _read(self, slot, length, take):
        """take(piece) of the data of a slot, each; whether all was there."""
        at = 0
        while at < HEAD + length:
            piece = yield Load(file(self.name, slot), at)
            if not piece:
                return False
            if at or len(piece) > HEAD:
                take(piece if at else piece[HEAD:])
            at += len(piece)
        return True

    def _add(self, piece):
        self._total = crc32(piece, self._total)
