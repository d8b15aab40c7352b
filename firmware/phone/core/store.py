"""What the phone keeps over a loss of power: small records that change, and larger ones.

    put, write, drop --> what should be kept --changed? calm? in its pace?--> Save --> the hands
    get, fetch <-------- what is kept <---------------- both slots <-------- Loaded <-- the hands

A *hot* record has at most 112 bytes, is read at the start and stays in RAM: get() and put(). A *cold* one (a
page, learned pointers) has up to 16 KB, stays on the flash and goes by pieces: fetch() and write(), in
cold.py, which is loaded with the first of them. Both are written on change only, not within a second of a
key (a write stalls a board by some 80 ms), and so seldom that flapping cannot wear the flash out: it is
counted in docs/store.md. Each record has two slots (slots.py): a power cut leaves the old or the new one.

What others call here does not wait and returns no effects: what is to be done comes out of tick().
"""

from micropython import const

from phone.core import slots
from phone.core.machine import Machine
from phone.events import BROKEN, FULL, READ_ONLY, Loaded, Saved
from phone.phrases import phrase

RECORDS_MAX = const(12)  # hot ones: docs/store.md counts the erases of so many that all flap
CALM_MS = const(1000)  # after a key: a person who presses keys looks at the screen
_WORST_FIRST = (READ_ONLY, FULL, BROKEN, slots.LOST)


class Store(Machine):
    """`names`: of the hot records; `journal`: core/journal.py."""

    def __init__(self, names, journal):
        assert len(names) <= RECORDS_MAX
        self.ready = False  # every hot record has been read
        self._records = {name: slots.Record() for name in names}
        self._journal = journal
        self._cold = None  # while there is something to do for it
        self._pace = {}  # of the cold ones: name -> ms, as in slots.py
        self._refused = {}  # name -> why it is not kept
        self._worst = ""  # of these, as the journal was told
        self._calm = 0  # ms; nothing is written before: a key was pressed
        self._flushing = False
        self._due = None  # ms at which tick() has something to do

    # --- what the others use ---------------------------------------------------------------------

    def get(self, name):
        """The data of a hot record: what was put last, else what the flash has, else None. Before `ready`
        the flash has not been read.
        """
        return self._records[name].data or None

    def put(self, name, data, now):
        """Keep a hot record of at most 112 bytes, as soon as its time has come; b"" forgets it. Equal data
        costs nothing. False where it is too long: the record stays as it was.
        """
        if len(data) > slots.HOT_MAX - slots.HEAD:
            return False
        self._records[name].data = bytes(data)
        self._due = now
        return True

    def fetch(self, name, give, now):
        """Read a cold record: give(piece) is called in later feeds with each piece of at most 1 KB, in order,
        then give(None). Only a record that is whole is given; give(False) where there is none, or where the
        rest of it cannot be read any longer.
        """
        self._colds().fetch(name, give)
        self._due = now

    def write(self, name, make, now):
        """Keep a cold record, as soon as its time has come. make() gives an iterator of pieces (not empty, at
        most 1 KB each, 16 KB in all). It is called twice, later, and one piece is drawn at a time: to see
        whether they differ from what the flash has, and to write them. Should the two not agree the old
        record stays. A later write() of the same name takes the place of this one.
        """
        self._colds().write(name, make)
        self._due = now

    def drop(self, name, now):
        """Forget a record, hot or cold."""
        if name in self._records:
            self.put(name, b"", now)
        else:
            self.write(name, None, now)

    @property
    def trouble(self):
        """What is wrong with the storage, as a phrase, or ""."""
        if not self._worst:
            return ""
        from phone.core.unkept import SAID  # sentences that a sound flash never needs

        return SAID[self._worst]

    @property
    def read_only(self):
        return self._worst == READ_ONLY

    @property
    def settled(self):
        """Whether all that flush() wanted to write is written, or refused."""
        late = [1 for record in self._records.values() if record.wait(0, True) is not None]
        return not late and (self._cold is None or self._cold.settled)

    # --- what the agent calls --------------------------------------------------------------------

    def begin(self, now):
        """The phone starts: read the hot records; effects."""
        out = []
        for name, record in self._records.items():
            out += record.begin(name, now)
        self.ready = not out
        self._due = now
        return out

    def flush(self, now):
        """Write at once what would be written later, whatever the keys and the pace; effects. A phone that is
        to start anew waits until all is `settled`, but not for ever: a flash may never answer.
        """
        self._flushing = True
        for record in self._records.values():
            record.failed = False
        self._due = now
        return self.tick(now)

    def key(self, now):
        self._calm = now + CALM_MS
        if self._cold:
            self._cold.hush(self._calm)
            self._due = now  # a write that is under way goes on later now

    def deadline(self):
        return self._due

    def receive(self, event, now):
        """What became of a Load or a Save: effects, or None where it is another event."""
        kind = type(event)
        if kind is not Loaded and kind is not Saved:
            return None
        self._due = now
        name = event.name[:-2]
        record = self._records.get(name)
        if record is None:
            return self._cold.receive(event, now) if self._cold else []
        slot = int(event.name == slots.file(name, 1))
        if kind is Saved:
            record.saved(slot, event.why, now)
            return self._note(name, event.why, now)
        lost = record.loaded(slot, event.data)
        self.ready = not any([record.unread for record in self._records.values()])
        return self._note(name, lost, now) if lost else []

    def tick(self, now):
        if self._due is None or now < self._due:
            return []
        out = []
        waits = []
        self._due = None
        for name, record in self._records.items():
            wait = record.wait(self._calm, self._flushing)
            if wait is not None and wait <= now:
                out += record.go_on(name, now)
                wait = record.wait(self._calm, self._flushing)
            if wait is not None:
                waits.append(wait)
        if self._cold:
            out += self._cold.tick(now, self._flushing)
            wait = self._cold.deadline()
            if wait is not None:
                waits.append(wait)
            if self._cold.is_idle:
                self._cold = None  # so that it can be forgotten
        if self._due is not None:  # whoever made pieces wanted something, too
            waits.append(self._due)
        self._due = min(waits) if waits else None
        self._flushing = self._flushing and not self.settled
        return out

    def _colds(self):
        if self._cold is None:
            from phone.core.cold import Cold  # a phone without pages to keep does without

            self._cold = Cold(self._note, self._pace)
            self._cold.hush(self._calm)
        return self._cold

    def _note(self, name, why, now):
        """`why` the record is not kept, or "": it is. The journal hears of a change; effects."""
        if why:
            self._refused[name] = why
        else:
            self._refused.pop(name, None)
        whys = self._refused.values()
        worst = ""
        for word in _WORST_FIRST:
            if word in whys:
                worst = word
                break
        if worst == self._worst:
            return []
        self._worst = worst
        said = self.trouble or phrase("The storage of the phone is in order again.")
        return self._journal.say(said, now)

