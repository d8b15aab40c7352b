"""The socket as runtime/secure.py gives it to mbedTLS. Real handshakes: tests/system/test_tls.py."""

from phone.runtime.secure import _Wire

ONLY = ("micropython",)


class Socket:
    """Gives these bytes, and then b"" for ever; an exception among them is raised."""

    def __init__(self, *given):
        self.given = list(given)

    def readinto(self, buffer):
        if not self.given:
            return 0
        data = self.given.pop(0)
        if isinstance(data, OSError):
            raise data
        if data is None:
            return None
        if len(data) > len(buffer):
            self.given.insert(0, data[len(buffer) :])
            data = data[: len(buffer)]
        buffer[: len(data)] = data
        return len(data)

    def write(self, data):
        raise OSError(32)


def record(kind, length):
    return bytes((kind, 3, 3, length >> 8, length & 255)) + b"." * length


def read(wire):
    """As mbedTLS does: a head, the rest. The lengths that came, until nothing comes."""
    counts, wanted, head = [], 5, True
    while True:
        buffer = bytearray(wanted)
        count = wire.readinto(buffer)
        counts.append(count)
        if not count:
            return counts
        wanted, head = (buffer[3] << 8 | buffer[4], False) if head else (5, True)


def test_nothing_is_there_once_before_each_record():
    wire = _Wire(Socket(record(22, 100) + record(22, 300)))
    assert read(wire) == [None]
    assert read(wire) == [5, 100, None]
    assert not wire.ready and not wire.over
    assert read(wire) == [5, 300, None]
    assert read(wire) == [None] and wire.over, "the socket has ended"


def test_the_record_after_the_change_of_cipher_is_the_last_of_the_handshake():
    wire = _Wire(Socket(record(22, 600), record(20, 1), record(22, 40), record(23, 9)))
    for expected in (False, False, False, True, True):
        read(wire)
        assert wire.ready is expected


def test_no_exception_passes_through_mbedtls():
    wire = _Wire(Socket(OSError(104)))
    assert read(wire) == [None] and not wire.over
    assert read(wire) == [None] and wire.over
    assert wire.write(b"x") is None
    assert wire.ioctl(3, 5) == 0
