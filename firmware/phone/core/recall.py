"""Once the flash is read: at which home the phone was, and which pointers others had told it."""

from phone.core.machine import Machine


class Recall(Machine):
    """`homes`: those of the configuration."""

    def __init__(self, book, store, homes):
        self._book = book
        self._store = store
        self._homes = homes

    def tick(self, now):
        store = self._store
        if store and store.ready:
            self._store = None
            if store.get("home"):
                from phone.core import learned  # a phone that never moved and was told nothing does without

                learned.recall(self._book, store, self._homes, now)
        return []
