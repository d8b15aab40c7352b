"""Files of the state folder, a step a turn: the brain's Load and Save.

Each is done in the order of asking, but reading goes before writing: a person may wait for it. A small file
is written in one step; of a large one each step writes a piece, and it becomes the file when it is closed. A
step stalls a board by some 80 ms for each 4 KB that the flash erases: the loop lets the others run between
two. Which slot is written, and whether what was read is whole, is the brain's affair.
"""

import os

from phone.events import BROKEN, FULL, READ_ONLY, Load, Loaded, Saved

PIECE = 1024  # bytes that one step reads, as core/slots.py expects
_NO_SUCH_FILE = 2  # numbers of errors: MicroPython's errno has names for few of them
_WHY = {1: READ_ONLY, 13: READ_ONLY, 28: FULL, 30: READ_ONLY, 122: FULL}


class Files:
    def __init__(self, folder):
        self._folder = folder
        self._file = None  # open: a large one that is being written
        self._pieces = None
        self._loads = []  # oldest first
        self._saves = []
        self.soon = False  # whether there is more to do now
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there; or it cannot be made, and each Save will say so

    def ask(self, effect):
        (self._loads if type(effect) is Load else self._saves).append(effect)
        self.soon = True

    def step(self):
        """Go on with what is asked; the event that it came to, or None: there is more of it, or nothing."""
        event = None
        self.soon = True
        if self._loads:
            effect = self._loads.pop(0)
            event = Loaded(effect.name, self._load(effect))
        elif self._saves:
            effect = self._saves[0]
            why = self._save(effect)
            if why is None:
                return None
            self._saves.pop(0)
            event = Saved(effect.name, why)
        self.soon = bool(self._loads or self._saves)
        return event

    def _path(self, effect):
        return self._folder + "/" + effect.name

    def _load(self, effect):
        try:
            with open(self._path(effect), "rb") as file:
                file.seek(effect.at)
                return file.read(PIECE)
        except OSError as error:
            return None if error.errno == _NO_SUCH_FILE else False
        except MemoryError:
            return False

    def _save(self, effect):
        """A step of writing: None, or what it came to as in Saved."""
        path = self._path(effect)
        try:
            if effect.data is None:
                os.remove(path)
            elif not isinstance(effect.data, (bytes, bytearray)):
                return self._write(path, effect.data)
            else:
                with open(path, "wb") as file:
                    file.write(effect.data)
            return ""
        except OSError as error:
            self._abandon(path)
            if effect.data is None and error.errno == _NO_SUCH_FILE:
                return ""
            return _WHY.get(error.errno, BROKEN)
        except MemoryError:
            self._abandon(path)
            return BROKEN

    def _write(self, path, pieces):
        """One piece of a large file; "" at its end."""
        if self._file is None:
            self._pieces = iter(pieces)
            self._file = open(path, "wb")
        for piece in self._pieces:
            self._file.write(piece)
            self.soon = len(piece) > 0
            return None
        self._pieces = None
        file, self._file = self._file, None
        file.close()
        return ""

    def _abandon(self, path):
        """A large file could not be finished: what there is of it only takes room."""
        self._pieces = None
        file, self._file = self._file, None
        if file is None:
            return
        for give_back in (file.close, lambda: os.remove(path)):
            try:
                give_back()
            except OSError:
                pass  # whoever hears that the Save was refused needs to know no more
