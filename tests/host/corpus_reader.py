"""Runs under MicroPython: reads every page of a folder and prints what became of it, one JSON line a page.

micropython -X heapsize=112wK corpus_reader.py FOLDER
"""

import gc
import json
import os
import sys
from binascii import hexlify

from phone import phrases
from phone.records import Unshown
from phone.wire.page import PageReader

# As a socket gives them, and cut nearly everywhere.
PIECES = (1024, 7)


def read(path, size):
    reader = PageReader()
    with open(path, "rb") as file:
        while True:
            piece = file.read(size)
            if not piece:
                return reader.finish()
            reader.feed(piece)


def plain(value):
    """Tuples of any kind as lists: json of MicroPython does not know a namedtuple. A phrase becomes text, and
    pixels become hex digits."""
    if isinstance(value, bytes):
        return str(hexlify(value), "ascii")
    if type(value) is Unshown:
        return [value.name, phrases.plain(value.why)]
    if isinstance(value, str) and "\0" in value:
        return value.split("\0")
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def main(folder):
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".xml"):
            continue
        records = [read(folder + "/" + name, size) for size in PIECES]
        kind = str(records[0]).split("(", 1)[0]
        line = {"file": name, "kind": kind, "same": records[0] == records[1], "record": plain(records[0])}
        print(json.dumps(line))
        gc.collect()


main(sys.argv[1])
