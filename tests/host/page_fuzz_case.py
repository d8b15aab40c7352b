"""Runs under MicroPython with what ships: reads page after page of one file, and tells what it took.

micropython page_fuzz_case.py FILE WARM

FILE: for each page one byte for its content type, four for its length, and the page (test_page_fuzz.py writes
it). What is printed: [pages that are shown, bytes in use at the end beyond those after the first WARM pages,
which load what there is to load, ms of the longest piece of 256 bytes].
"""

import gc
import sys
import time

from phone import records
from phone.wire.page import PageReader

PIECE = 256  # bytes, as runtime/tcp.py feeds them
KINDS = ("text/xml", None, "text/html", "text/plain", "text/xml; charset=iso-8859-1",
         "text/html; charset=utf-8")  # fmt: skip


def page(file, head, view):
    """Read one; whether it is shown, and ms of its longest piece."""
    left = int.from_bytes(head[1:], "big")
    reader = PageReader(KINDS[head[0]])
    longest = 0
    while left:
        count = file.readinto(view[: min(left, PIECE)])
        left -= count
        begun = time.ticks_us()
        if not reader.done:
            reader.feed(view[:count])
        if not left:
            record = reader.finish()
        longest = max(longest, time.ticks_diff(time.ticks_us(), begun))
    return type(record) is not records.Unshown, longest


def main(path, warm):
    gc.threshold(4096)  # as firmware/main.py has it
    shown = longest = before = number = 0
    view = memoryview(bytearray(PIECE))
    with open(path, "rb") as file:
        head = file.read(5)
        while head:
            good, took = page(file, head, view)
            shown += good
            longest = max(longest, took)
            number += 1
            if number == warm:
                gc.collect()
                before = gc.mem_alloc()
            head = file.read(5)
    gc.collect()
    print([shown, gc.mem_alloc() - before, longest / 1000])


main(sys.argv[1], int(sys.argv[2]))
