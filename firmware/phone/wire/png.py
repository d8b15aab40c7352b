"""A PNG picture (ISO 15948) as it arrives: its chunks are looked through, and what matters is gathered.

    reader = PngReader(most); reader.feed(view) until reader.done or the body ends
    record = reader.finish()          Png, or Unshown with a sentence

It is still packed then: wire/darkroom.py makes a picture of it, in short steps. Checksums are not looked at:
it came over TCP, and a wrong point is better than no picture. The pieces are small: no heap has a large one.
"""

from collections import namedtuple

from micropython import const

from phone.phrases import phrase
from phone.records import WHOLE, Unshown

# What is wanted of a picture. depth, colour: as in its IHDR; palette: bytes, three an entry; clear: of its
# tRNS; pieces: a list of its IDAT, a zlib stream, in pieces of at most PIECE bytes.
Png = namedtuple("Png", ("width", "height", "depth", "colour", "palette", "clear", "pieces"))

PIECE = const(1024)
ROW_MAX = const(4096)  # bytes of a row: a small board's heap has no larger piece
_POINTS_MAX = const(400000)  # 800x480, the largest display of most desk phones
_KEPT_MAX = const(768)  # 256 colours
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type -> samples a pixel
_DEPTHS = {0: (1, 2, 4, 8, 16), 3: (1, 2, 4, 8)}  # of the others 8 and 16

NO_PNG = phrase("The picture is of a kind that this phone cannot show: only PNG is shown.")
DAMAGED = phrase("The picture is damaged.")
_INTERLACED = phrase("The picture is interlaced: this phone shows only pictures that are not.")


def row_bytes(png):
    """(bytes of a whole row, bytes from a pixel to the next one, 1 at least)."""
    bits = png.depth * _SAMPLES[png.colour]
    return (png.width * bits + 7) // 8, (bits + 7) // 8


class PngReader:
    """`most`: bytes of packed data that may be gathered."""

    def __init__(self, most):
        self.done = False  # nothing that follows can matter
        self._most = most
        self._why = None
        self._head = b""  # of a chunk: its CRC before (of the first the signature), its length and kind
        self._wanted = len(_SIGNATURE)
        self._kind = None  # of the chunk that is open, None before the first
        self._left = 0  # bytes of it to come
        self._kept = {}  # kind -> bytearray
        self._pieces = []
        self._piece = bytearray()

    def feed(self, view):
        at = 0
        while at < len(view) and not self.done:
            if self._left:
                end = min(len(view), at + min(self._left, PIECE))
                self._left -= end - at
                self._keep(view[at:end])
            else:
                end = min(len(view), at + self._wanted - len(self._head))
                self._head += bytes(view[at:end])
                self._open()
            at = end

    def finish(self, whole=True):
        """The record. `whole`: nothing was left out before it came here."""
        if not self._why and not whole:
            self._why = _too_large(self._most)
        head = bytes(self._kept.get(b"IHDR", b""))
        why = self._why
        if not why and self._kind is None:
            why = NO_PNG
        if self._piece:
            self._pieces.append(bytes(self._piece))
        pieces, self._pieces = self._pieces, []
        if not why and (len(head) < 13 or not pieces):
            why = DAMAGED
        if why:
            return Unshown("", why, WHOLE)
        clear = bytes(self._kept.get(b"tRNS", b""))
        return _checked(Png(_number(head, 0), _number(head, 4), head[8], head[9],
                            bytes(self._kept.get(b"PLTE", b"")), clear, pieces), head)

    def _open(self):
        """See what the gathered head begins."""
        head = self._head
        if self._kind is None and not _SIGNATURE.startswith(head[:8]):
            self._stop(NO_PNG)
        elif len(head) == self._wanted:
            if self._kind is not None or len(head) > 8:
                self._kind = head[-4:]
                self._left = _number(head, len(head) - 8)
                self._wanted, self._head = 12, b""
                self.done = self._kind == b"IEND"
            else:
                self._wanted = 16  # and the head of the first chunk, which no CRC precedes

    def _keep(self, view):
        """A part of the open chunk."""
        if self._kind == b"IDAT":
            if len(self._pieces) * PIECE + len(view) > self._most:
                self._stop(_too_large(self._most))
            room = PIECE - len(self._piece)
            self._piece.extend(view[:room])
            if len(self._piece) == PIECE:
                self._pieces.append(bytes(self._piece))
                self._piece = bytearray(view[room:])
        elif self._kind in (b"IHDR", b"PLTE", b"tRNS"):
            kept = self._kept.setdefault(self._kind, bytearray())
            kept.extend(view[: _KEPT_MAX - len(kept)])

    def _stop(self, why):
        self._why = why
        self._pieces = []
        self.done = True


def _number(data, at):
    return data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]


def _too_large(most):
    return phrase("The picture is too large: it has more than %s KB.", most // 1024)


def _checked(png, head):
    """The picture, if the phone can show one of that kind."""
    width, height, depth = png.width, png.height, png.depth
    why = None
    if png.colour not in _SAMPLES or depth not in _DEPTHS.get(png.colour, (8, 16)) or not width or not height:
        why = DAMAGED
    elif width * height > _POINTS_MAX or width > ROW_MAX or row_bytes(png)[0] > ROW_MAX:
        why = phrase("The picture is too large: %s by %s points.", width, height)
    elif head[12]:
        why = _INTERLACED
    return Unshown("", why, WHOLE) if why else png
