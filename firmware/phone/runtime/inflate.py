"""Unpacks what a PNG packed (zlib, RFC 1950), from small pieces, with the inflater that MicroPython has in C.

It asks its stream for one byte at a time, which would be a call of ours each. So what it reads from is a
piece of memory that is filled again between two reads, and never runs empty within one.
"""

import io

import deflate
from micropython import const

_ROOM = const(4096)  # of packed bytes at once
# Filled again below this. For 256 bytes one read takes 512 at most, as each has 15 bits or less, and the
# tables that may come before them, of some 300 each.
_LOW = const(1536)


class Inflater:
    """`pieces`: a list of bytes, 1 KB at most each, which is used up; size: bytes that come out of them."""

    def __init__(self, pieces, size):
        self._pieces = pieces
        self._stream = io.BytesIO(bytearray(_ROOM))
        self._end = 0  # what is in it, from its beginning
        # The window: as far back as copies may reach, 32 KB at most. It is the one block that is larger than
        # 4 KB, so it is no larger than the picture needs.
        bits = min(15, (pieces[0][0] >> 4) + 8)
        while bits > 8 and 1 << bits - 1 >= size:
            bits -= 1
        self._unpacked = deflate.DeflateIO(self._stream, deflate.ZLIB, bits)

    def readinto(self, buffer):
        """Up to 256 bytes; how many, 0 at the end. OSError, EOFError: it is damaged."""
        stream = self._stream
        if self._pieces:
            at = stream.seek(0, 1)
            left = self._end - at
            if left < _LOW:
                rest = stream.read(left)
                stream.seek(0)
                stream.write(rest)
                while self._pieces and left + len(self._pieces[0]) <= _ROOM:
                    left += stream.write(self._pieces.pop(0))
                self._end = left
                stream.seek(0)
        took = self._unpacked.readinto(buffer)
        if not self._pieces and stream.seek(0, 1) > self._end:  # it went on with what was there before
            raise EOFError
        return took
