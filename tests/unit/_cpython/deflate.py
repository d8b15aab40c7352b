"""MicroPython's deflate for CPython, as far as the firmware uses it: a byte is read at a time."""

import zlib

ZLIB = 2


class DeflateIO:
    def __init__(self, stream, kind, bits):
        self._stream = stream
        self._unpack = zlib.decompressobj()  # it knows its window
        self._ready = b""

    def readinto(self, buffer):
        while len(self._ready) < len(buffer) and not self._unpack.eof:
            byte = self._stream.read(1)
            if not byte:
                raise EOFError
            try:
                self._ready += self._unpack.decompress(byte)
            except zlib.error:
                raise OSError(22) from None
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size
