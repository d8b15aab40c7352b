"""Small records in the state folder, written so that a power cut leaves the old or the new one.

A new record is written beside the old one and renamed over it: on LittleFS the rename is the
moment at which it becomes true. Names are the brain's own words, never a page's.
"""

import os


class Files:
    def __init__(self, folder):
        self._folder = folder

    def load(self, name):
        """The bytes stored under `name`, or None."""
        try:
            with open(self._path(name), "rb") as file:
                return file.read()
        except OSError:
            return None

    def save(self, name, data):
        """Store `data`; False where the file system refused (full, read-only, broken)."""
        path = self._path(name)
        try:
            with open(path + ".new", "wb") as file:
                file.write(data)
            os.rename(path + ".new", path)
            return True
        except OSError:
            return False

    def _path(self, name):
        return self._folder + "/" + name
