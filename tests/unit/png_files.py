"""PNG pictures for tests, written by hand: any kind, any filter, packed without packing (RFC 1951 3.2.4)."""

from binascii import crc32

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def number(value):
    return bytes((value >> 24 & 255, value >> 16 & 255, value >> 8 & 255, value & 255))


def chunk(kind, data):
    return number(len(data)) + kind + data + number(crc32(kind + data))


def stored(data):
    """A zlib stream of blocks that are only stored."""
    out, at = b"\x78\x01", 0
    while True:
        part = data[at : at + 60000]
        at += len(part)
        size = len(part)
        head = bytes((at >= len(data), size & 255, size >> 8, ~size & 255, ~size >> 8 & 255))
        out += head + part
        if at >= len(data):
            return out + adler(data)


def adler(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return number(b << 16 | a)


def png(width, height, depth, colour, rows, palette=b"", clear=b"", interlaced=0, more=b"", piece=0):
    """rows: list of bytes, each with its filter's number in front. piece: bytes of an IDAT, 0: all in one."""
    head = number(width) + number(height) + bytes((depth, colour, 0, 0, interlaced))
    out = SIGNATURE + chunk(b"IHDR", head) + more
    if palette:
        out += chunk(b"PLTE", palette)
    if clear:
        out += chunk(b"tRNS", clear)
    packed = stored(b"".join(rows))
    piece = piece or len(packed)
    for at in range(0, len(packed), piece):
        out += chunk(b"IDAT", packed[at : at + piece])
    return out + chunk(b"IEND", b"")
