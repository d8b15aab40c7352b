"""Runs under MicroPython: the firmware's own reader, views and painter, for one document after another.

    micropython render_case.py BUILD DISPLAY        (as build.guest() writes it: what ships has short names)

BUILD is the folder of what runs, for its fonts; DISPLAY such as 320x240. The other end: host_tools/render.py.
Lines of JSON on both sides, ours behind MARK. A document comes as {"path", "kind" (its content type or null),
"whole", "label", "draw", "keys"}. We may ask for a picture by {"want": URL}, and get {"path"}, null where it
cannot be had. Then follow {"band": ...} (the `pixels` message of docs/panel.md) for each band, and at last
{"root", "shown", "title", "items", "told", "mends", "why", "us", "screen"}.
"""

import binascii
import gc
import json
import sys
import time

import framebuf

from phone import rare, records
from phone.phrases import phrase, plain
from phone.runtime.fonts import fonts
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.screen import PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.theme import font_names, theme_for
from phone.ui.views import page_view
from phone.wire.teller import TellingReader

MARK = "\x1e"  # a record separator: nothing else that is printed begins so
PIECE = 256  # bytes, as runtime/tcp.py feeds them
PICTURES_MAX, PACKED_MAX = 12, 131072  # as in core/pictures.py
ROWS = 8  # of a band at once: the heap is a phone's, and a large block is seldom found in it
MONO = ("128x64",)  # as in boards/unix/board.py
CLOCK, DATE, NAME = "09:41", "Sunday 22 November", "Ward 3"  # a picture is the same on any day

TITLED = (records.Menu, records.Text, rare.Directory, rare.IconMenu, rare.Image, rare.Input)

ticks, diff = time.ticks_us, time.ticks_diff


def say(value):
    print(MARK + json.dumps(value))


def read(job):
    """(record, its reader's notes): the document, in the pieces in which a socket would give it."""
    reader = TellingReader(job["kind"])
    return fed(reader, job["path"], job["whole"]), reader.told


def fed(reader, path, whole):
    """What the reader makes of a file."""
    buffer = bytearray(PIECE)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        count = file.readinto(buffer)
        while count and not reader.done:
            reader.feed(view[:count])
            count = file.readinto(buffer)
    return reader.finish(whole)


def count(record):
    """The number of its items: lines of a menu, entries, fields, commands; 0 for what has none."""
    kind = type(record)
    if kind is rare.Input:
        return len(record.fields)
    kinds = (records.Menu, rare.Directory, rare.IconMenu, rare.Image, rare.Execute, rare.Response)
    return len(record.items) if kind in kinds else 0


def commands(record):
    """The lines of what is done and not drawn, None for a page."""
    kind = type(record)
    if kind is rare.Execute:
        return ["Does: %s (priority %d)" % (command.url, command.priority) for command in record.items]
    if kind is rare.Response:
        return ["Status %s: %s %s" % (reply.status, reply.data, reply.url) for reply in record.items]
    return None


def pictures(view, levels):
    """Give the view the pictures that it wants, as core/pictures.py does."""
    given = []
    while len(given) < PICTURES_MAX:
        wanted = [one for one in view.wants() if one[0] not in given]
        if not wanted:
            return
        index, url = wanted[0]
        given.append(index)
        picture, said = developed(view, index, url, levels)
        view.picture(index, picture, said)


def developed(view, index, url, levels):
    """(a Picture, or None; why not)"""
    if url[:9].lower() == "resource:":
        from phone.core.resources import resource

        picture = resource(url)
        return picture, "" if picture else phrase("The phone has no picture of that name.")
    from phone.runtime.inflate import Inflater
    from phone.wire.darkroom import Darkroom
    from phone.wire.png import DAMAGED, PngReader, row_bytes

    say({"want": url})
    path = json.loads(sys.stdin.readline())["path"]
    if not path:
        return None, phrase("The picture did not come: %s %s.", url[:40], "is not there")
    record = fed(PngReader(PACKED_MAX), path, True)
    if type(record) is records.Unshown:
        return None, record.why
    width, height = view.fit(index, record.width, record.height)
    size = max(1, min(width, record.width)), max(1, min(height, record.height))
    stream = Inflater(record.pieces, (row_bytes(record)[0] + 1) * record.height)
    room = Darkroom(record, stream, size, levels)
    while room.work():
        pass
    picture = room.picture()
    return picture, "" if picture else DAMAGED


class Phone:
    """A display, and what is drawn on it."""

    def __init__(self, folder, display):
        self.width, self.height = [int(size) for size in display.split("x")]
        levels = 2 if display in MONO else 4
        self.stride = (self.width + 3) // 4
        self.pixels = bytearray(self.stride * self.height)
        self.canvas = framebuf.FrameBuffer(self.pixels, self.width, self.height, framebuf.GS2_HMSB)
        found = fonts(folder + "/fonts", font_names(self.width, self.height, levels))
        self.theme = theme_for(self.width, self.height, levels, found)
        self.painter = Painter(self.theme)

    def show(self, record, job):
        """The Screen of a page, and {y: (height, palette)} of what was painted."""
        stack = Stack(self.theme)
        lines = commands(record)
        if lines is None:
            view = page_view(record, self.theme, "", None)
        else:
            view = NoteView(record.mends.root, lines, (), self.theme, None)
        stack.push(view)
        pictures(view, len(set(self.theme.palettes["page"])))
        view.tick(0)
        while stack.work():
            pass
        for key in job["keys"].split():
            stack.key(key, True, 0)
            stack.key(key, False, 0)
        status = Status(PRIMARY, job["label"], CLOCK, DATE, NAME, "", 0)
        self.painter.reset()
        screen = stack.screen(status)
        bands = {}
        band = self.painter.paint(screen, self.canvas)
        while band is not None:
            if band:
                bands[band[0]] = band[1:]
            band = self.painter.paint(screen, self.canvas)
        return screen, bands

    def send(self, bands):
        pixels = memoryview(self.pixels)
        for top, (height, palette) in bands.items():
            colours = ["#%06x" % colour for colour in palette]
            for y in range(top, top + height, ROWS):
                rows = min(ROWS, top + height - y)
                data = binascii.b2a_base64(pixels[y * self.stride : (y + rows) * self.stride])
                data = str(data, "ascii").strip()
                say({"band": {"y": y, "h": rows, "palette": colours, "data": data}})


def document(phone, job):
    gc.collect()
    begun = ticks()
    record, told = read(job)
    screen, bands = phone.show(record, job)
    us = diff(ticks(), begun)
    if job["draw"]:
        phone.send(bands)
    shown = type(record) is not records.Unshown
    title = record.title if type(record) in TITLED else ""
    why = "" if shown else plain(record.why)
    say({"root": record.mends.root, "shown": shown, "title": title, "items": count(record),
         "told": told, "mends": record.mends.count, "why": why, "us": us,
         "screen": {"title": screen.title, "rows": [row.text for row in screen.rows],
                    "prompt": screen.prompt, "softkeys": screen.softkeys}})


def main():
    phone = Phone(sys.argv[1], sys.argv[2])
    say({"ready": True})
    for line in sys.stdin:
        try:
            document(phone, json.loads(line))
        except MemoryError:
            gc.collect()
            say({"lacks": True})
        except Exception as error:  # a mistake of the firmware's costs one document, and is told
            sys.print_exception(error, sys.stderr)
            say({"broken": "%s: %s" % (type(error).__name__, error)})


main()
