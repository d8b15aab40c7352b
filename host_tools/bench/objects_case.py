"""Runs under MicroPython: the largest legal page of each kind, read, laid out and drawn by what ships.

micropython objects_case.py BUILD PNG ...
    time ROUNDS      a JSON line of each kind: {kind: {"bytes", "us", "slices"}}
    scroll KEYS      one JSON line: us of each frame, garbage of each key
    page KIND        the document
    heap KIND FILE   shows it once from a file: ends well with enough heap

(As build.guest() writes it: what ships has short names.) A slice is what the loop does at one go: a piece of
256 bytes read, the view made, one step of its work, the screen made, one band looked for or painted. PNG: the
file that an ImageFile names.
"""

import gc
import json
import sys
import time

import framebuf

from phone.runtime.fonts import fonts
from phone.ui.painter import Painter
from phone.ui.screen import PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.theme import font_names, theme_for
from phone.ui.views import page_view
from phone.wire.page import PageReader

PIECE = 256  # runtime/tcp.py
WIDTH, HEIGHT, LEVELS = 320, 240, 4
STATUS = Status(PRIMARY, "A", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)
# Of the vocabulary (services-xml.md section 2); an inline picture has 133x65 on others, their pane 298x144.
ITEMS, ENTRIES, FIELDS, ICONS, LETTERS = 100, 32, 5, 10, 4000
PANE = 298, 144
PACKED_MAX = 131072  # core/pictures.py
PNG = sys.argv[2]

ticks, diff = time.ticks_us, time.ticks_diff


# --- the pages -----------------------------------------------------------------------------------


def items(count, more=b""):
    return b"".join([b"<MenuItem>%s<Name>Service number %03d of the house</Name>"
                     b"<URL>http://services.example.com/app/menu.php?id=%03d&amp;dev=1</URL></MenuItem>\n"
                     % (more, n, n) for n in range(count)])  # fmt: skip


def pixels(width, height):
    """A picture with something in each row."""
    size = (width * height + 3) // 4
    return (b"<LocationX>-1</LocationX><LocationY>-1</LocationY><Width>%d</Width><Height>%d</Height>"
            b"<Depth>2</Depth><Data>%s</Data>\n" % (width, height, b"1B4E" * (size // 2)))  # fmt: skip


def bodies():
    """{kind: what stands between its title and its end}"""
    words = b"Word for word, line for line, a page of text as long as one may be. "
    words = (words * (LETTERS // len(words) + 1))[:LETTERS]
    out = {"Menu": items(ITEMS), "Text": b"<Text>%s</Text>" % words}
    out["Directory"] = b"".join([b"<DirectoryEntry><Name>Surname, Given %02d</Name><Telephone>0049123456%02d"
                                 b"</Telephone></DirectoryEntry>\n" % (n, n) for n in range(ENTRIES)])
    out["Input"] = b"<URL>http://x/</URL>\n" + b"".join([
        b"<InputItem><DisplayName>Field number %d</DisplayName><QueryStringParam>p%d</QueryStringParam>"
        b"<InputFlags>A</InputFlags><DefaultValue>%s</DefaultValue></InputItem>\n" % (n, n, b"v" * 32)
        for n in range(FIELDS)])  # fmt: skip
    out["Image"] = pixels(*PANE)
    out["ImageFile"] = b"<LocationX>-1</LocationX><LocationY>-1</LocationY><URL>plan.png</URL>\n"
    out["GraphicMenu"] = pixels(133, 65) + items(12)
    icon = (b"<IconItem><Index>%d</Index><Height>10</Height><Width>16</Width><Depth>2</Depth>"
            b"<Data>%s</Data></IconItem>\n")  # fmt: skip
    out["IconMenu"] = items(ENTRIES, b"<IconIndex>3</IconIndex>") + b"".join(
        [icon % (n, b"1B4E" * 20) for n in range(ICONS)])  # fmt: skip
    return out


def document(kind):
    name = b"CiscoIPPhone" + kind.encode()
    return (b'<?xml version="1.0" encoding="utf-8"?>\n<%s>\n<Title>Services</Title>\n'
            b"<Prompt>Choose one</Prompt>\n%s</%s>\n" % (name, bodies()[kind], name))  # fmt: skip


# --- the phone -----------------------------------------------------------------------------------


class Nothing:
    def append(self, _):
        pass


class Phone:
    def __init__(self, folder):
        self.canvas = framebuf.FrameBuffer(bytearray(WIDTH // 4 * HEIGHT), WIDTH, HEIGHT, framebuf.GS2_HMSB)
        found = fonts(folder + "/fonts", font_names(WIDTH, HEIGHT, LEVELS))
        self.theme = theme_for(WIDTH, HEIGHT, LEVELS, found)
        self.painter = Painter(self.theme)
        self.shown_stack = None
        self.slices = []

    def step(self, action, *arguments):
        """Do it as one slice."""
        begun = ticks()
        out = action(*arguments)
        self.slices.append(diff(ticks(), begun))
        return out

    def read(self, pieces):
        reader = PageReader("text/xml")
        for piece in pieces:
            self.step(reader.feed, piece)
            if reader.done:
                break
        return self.step(reader.finish)

    def open(self, record):
        """The page is on the screen, painted."""
        self.shown_stack = Stack(self.theme)
        view = self.step(page_view, record, self.theme, "", None)
        self.shown_stack.push(view)
        if view.wants():
            view.picture(0, self.develop(view), "")
        while self.step(self.shown_stack.work):
            pass
        self.paint()

    def develop(self, view):
        """The picture that the page names, as core/pictures.py has it unpacked."""
        from phone.runtime.inflate import Inflater
        from phone.wire.darkroom import Darkroom
        from phone.wire.png import PngReader, row_bytes

        reader = PngReader(PACKED_MAX)
        buffer = bytearray(PIECE)
        data = memoryview(buffer)
        with open(PNG, "rb") as file:
            count = file.readinto(buffer)
            while count:
                self.step(reader.feed, data[:count])
                count = file.readinto(buffer)
        png = self.step(reader.finish)
        stream = Inflater(png.pieces, (row_bytes(png)[0] + 1) * png.height)
        room = self.step(Darkroom, png, stream, view.fit(0, png.width, png.height), LEVELS)
        while self.step(room.work):
            pass
        return self.step(room.picture)

    def paint(self):
        screen = self.step(self.shown_stack.screen, STATUS)
        while self.step(self.painter.paint, screen, self.canvas) is not None:
            pass


def pieces_of(data):
    view = memoryview(data)
    return [view[at : at + PIECE] for at in range(0, len(data), PIECE)]


def measure(phone, rounds):
    for kind in sorted(bodies()):
        data = document(kind)
        pieces = pieces_of(data)
        seen = {"bytes": len(data), "us": [], "slices": []}
        phone.open(phone.read(pieces))  # imports everything, and the letters
        for _ in range(rounds):
            gc.collect()
            gc.disable()
            phone.slices = []
            phone.painter.reset()
            phone.open(phone.read(pieces))
            seen["us"].append(sum(phone.slices))
            seen["slices"].append(phone.slices)
            gc.enable()
        print(json.dumps({kind: seen}))


def scroll(phone, count):
    """Down through a menu of a hundred items, and up again."""
    phone.open(phone.read(pieces_of(document("Menu"))))
    us, key_bytes, frame_bytes = [], [], []
    gc.collect()
    for n in range(count):
        key = "down" if n // (ITEMS - 1) % 2 == 0 else "up"
        gc.collect()
        gc.disable()
        phone.slices = []
        before = gc.mem_alloc()
        begun = ticks()
        phone.shown_stack.key(key, True, 0)
        phone.shown_stack.key(key, False, 0)
        middle = gc.mem_alloc()
        screen = phone.shown_stack.screen(STATUS)
        while phone.painter.paint(screen, phone.canvas) is not None:
            pass
        us.append(diff(ticks(), begun))
        key_bytes.append(middle - before)
        frame_bytes.append(gc.mem_alloc() - before)
        gc.enable()
    print(json.dumps({"us": us, "key": key_bytes, "frame": frame_bytes}))


def once(phone, path):
    """From a file, so that the heap holds the phone's parts and the page only."""
    gc.threshold(4096)  # as firmware/main.py has it
    reader = PageReader("text/xml")
    buffer = bytearray(PIECE)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        while not reader.done:
            count = file.readinto(buffer)
            if not count:
                break
            reader.feed(view[:count])
    record = reader.finish()
    del reader
    phone.slices = Nothing()
    phone.open(record)


def main():
    what = sys.argv[3]
    if what == "page":
        sys.stdout.buffer.write(document(sys.argv[4]))
    elif what == "heap":
        once(Phone(sys.argv[1]), sys.argv[5])
    elif what == "scroll":
        scroll(Phone(sys.argv[1]), int(sys.argv[4]))
    else:
        measure(Phone(sys.argv[1]), int(sys.argv[4]))


main()
