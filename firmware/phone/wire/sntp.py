"""The time of day as datagrams: one question, one answer (RFC 5905 section 14, RFC 4330).

The transmit timestamp of a question is 8 random bytes: the server sends them back, which tells its answer
from an old or a forged one, and says nothing about the phone.
"""

import struct
from collections import namedtuple

from micropython import const

# unix: ms since 1970, UTC, when the server sent it. held: ms for which the server had the question.
# kiss: "", or four letters of a server that does not want to be asked ("RATE", "DENY", "RSTR" and others).
Answer = namedtuple("Answer", ("unix", "held", "kiss"))

STAMP = const(8)  # bytes of a transmit timestamp
SIZE = const(48)
_CLIENT = const(0x23)  # leap 0, version 4, mode 3
_SERVER = const(4)
_ALARM = const(3)  # leap: the server's own clock is not set
_STRATUM_MAX = const(15)
_DISPERSION_MAX = const(16)  # seconds: RFC 5905 MAXDISP; who is farther from the truth knows nothing
_TO_1900 = const(2208988800)  # seconds from there to 1970
# NTP counts 32 bits of seconds, which begin anew in February 2036: what has not the highest bit lies after
# that (RFC 4330 section 3).
_ERA = const(4294967296)


def question(stamp):
    """A question with this transmit timestamp."""
    return bytes((_CLIENT,)) + bytes(SIZE - STAMP - 1) + stamp


def answer(data, stamp):
    """The Answer in `data` to the question with that stamp, or None where it is none."""
    if len(data) < SIZE or data[24:32] != stamp:
        return None
    first, stratum, _, _, delay, dispersion = struct.unpack(">BBbbiI", data[:12])
    if first & 7 != _SERVER or not 1 <= first >> 3 & 7 <= 4:
        return None
    if stratum == 0:  # RFC 5905 7.4
        return Answer(0, 0, "".join([chr(byte) if 32 < byte < 127 else "?" for byte in data[12:16]]))
    far = (max(0, delay) >> 1) + dispersion >> 16
    if first >> 6 == _ALARM or stratum > _STRATUM_MAX or far >= _DISPERSION_MAX:
        return None
    came, left = _ms(data[32:40]), _ms(data[40:48])
    if not came or not left:
        return None
    return Answer(left, max(0, left - came), "")


def _ms(stamp):
    """An NTP timestamp in ms since 1970, 0 where it is not set."""
    seconds, fraction = struct.unpack(">II", stamp)
    if not seconds:
        return 0
    if seconds < _ERA >> 1:
        seconds += _ERA
    return (seconds - _TO_1900) * 1000 + (fraction * 1000 >> 32)
