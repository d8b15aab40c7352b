"""wire/sntp.py: a question, and which datagrams are its answer."""

import struct

from phone.wire import sntp

STAMP = b"8 random"
DAY = 1790000000  # 2026-09-21


def ntp(unix, fraction=0):
    return struct.pack(">II", unix + 2208988800 & 0xFFFFFFFF, fraction)


def made(first=0x24, stratum=2, delay=0, dispersion=0, ident=b"\x0a\x00\x00\x01", origin=STAMP, came=None,
         left=None):
    head = struct.pack(">BBbbiI", first, stratum, 6, -20, delay, dispersion)
    came = ntp(DAY, 0x40000000) if came is None else came
    return head + ident + ntp(DAY - 60) + origin + came + (ntp(DAY, 0x80000000) if left is None else left)


def test_a_question_tells_nothing_of_the_phone():
    data = sntp.question(STAMP)
    assert len(data) == sntp.SIZE and data[0] == 0x23 and data[1:40] == bytes(39) and data[40:] == STAMP


def test_an_answer():
    assert sntp.answer(made(), STAMP) == (DAY * 1000 + 500, 250, "")
    assert sntp.answer(made() + b"key and digest of somebody", STAMP) == (DAY * 1000 + 500, 250, "")
    assert sntp.answer(made(0x1C), STAMP) == (DAY * 1000 + 500, 250, ""), "version 3"
    assert sntp.answer(made(0x64), STAMP), "a leap second to come is no harm"


def test_what_is_no_answer():
    for data in (
        b"", made()[:47], made(origin=b"another1"), made(origin=bytes(8)),
        made(0x23), made(0x25), made(0x21),  # a client, a broadcast, a peer
        made(0xE4),  # leap 3: its clock is not set
        made(0x04), made(0x3C),  # versions 0 and 7
        made(stratum=16), made(stratum=255),
        made(left=bytes(8)), made(came=bytes(8)),
        made(dispersion=16 << 16), made(delay=40 << 16),
    ):  # fmt: skip
        assert sntp.answer(data, STAMP) is None, data


def test_a_kiss():
    assert sntp.answer(made(0xE4, 0, ident=b"RATE"), STAMP).kiss == "RATE"
    assert sntp.answer(made(0xE4, 0, ident=b"\x00<b>"), STAMP).kiss == "?<b>"
    assert sntp.answer(made(0xE4, 0, ident=b"DENY", origin=b"guessed!"), STAMP) is None, "of a forger"


def test_the_clock_of_ntp_begins_anew_in_2036():
    late = 2085978496 + 100  # 2036-02-07 06:28:16, and 100 s
    assert sntp.answer(made(came=ntp(late), left=ntp(late)), STAMP).unix == late * 1000
    early = 1000000000  # 2001: a server whose clock was reset is not taken for one of 2137
    assert sntp.answer(made(came=ntp(early), left=ntp(early)), STAMP).unix == early * 1000


def test_a_server_that_turns_time_back_held_nothing():
    assert sntp.answer(made(came=ntp(DAY + 5)), STAMP).held == 0
