"""wire/scratch.py and wire/life.py: what one life of the phone leaves to the next."""

from phone.wire import scratch
from phone.wire.life import pack_wary, unpack, unpack_wary
from phone.wire.url import split

HEAD = (3, 0xFFFFFFFE, 123456, 7, 1, 2)
NOTES = b"1200 A refused the connection.\n1300 B: \xc3\xbcber alles.\n"


def packed(notes=NOTES, label="Wäsche"):
    return scratch.pack(HEAD, (b"\x00\x14", pack_wary({5: 1, 0xFFFFFFFE: 2}), label.encode(), b"why"), notes)


def test_what_is_packed_is_found_again():
    life = unpack(packed())
    assert (life.phase, life.url, life.ms, life.boots, life.safe, life.round) == HEAD
    assert life.falls == b"\x00\x14" and life.wary == {5: 1, 0xFFFFFFFE: 2}
    assert life.label == "Wäsche" and life.why == "why"
    assert life.notes == [(1200, "A refused the connection."), (1300, "B: über alles.")]


def test_nothing_is_a_life_that_left_nothing():
    life = unpack(scratch.pack((0, 0, 0, 1, 0, 0), (b"",) * 4, b""))
    assert life.notes == [] and life.wary == {} and life.label == "" and life.boots == 1


def test_what_an_older_longer_one_left_behind_it_does_no_harm():
    assert unpack(packed() + b"the rest of an older one") == unpack(packed())


def test_half_a_write_is_nothing():
    whole = packed()
    old = packed(b"9 of an older life that said more\n" * 3)
    for cut in range(len(whole)):
        assert unpack(whole[:cut]) is None, cut
        torn = whole[:cut] + old[cut:]  # the reset came in the middle of the write
        assert unpack(torn) is None or torn[: len(whole)] == whole or torn == old, cut


def test_a_flipped_bit_is_nothing():
    whole = packed()
    for at in range(len(whole)):
        for bit in (1, 128):
            spoilt = bytearray(whole)
            spoilt[at] ^= bit
            assert unpack(bytes(spoilt)) is None, at


def test_nonsense_is_nothing():
    for data in (b"", b"V2", b"\x00" * 1024, b"\xff" * 1024, b"V2" + b"\xff" * 1022):
        assert unpack(data) is None


def test_the_longest_fits():
    label = "\U0001f600" * scratch.LABEL_MAX
    parts = b"\0" * 3, pack_wary(dict.fromkeys(range(12), 1)), label.encode(), b"w" * 300
    data = scratch.pack(HEAD, parts, b"1 \n" * (scratch.NOTES_MAX // 3))
    assert len(data) <= scratch.SCRATCH_MAX
    life = unpack(data)
    assert life.label == label and len(life.wary) == 12 and life.why[0] == "w"


def test_whole_bytes_of_another_firmware_are_nothing():
    for notes in (b"no time\n", b"1 \xff\n"):
        assert unpack(packed(notes)) is None
    assert unpack(scratch.pack(HEAD, (b"",), b"")) is None, "parts are missing"


def test_a_fingerprint_tells_pointers_apart_and_is_never_0():
    found = [scratch.fingerprint(split("http://a/%d" % number)) for number in range(200)]
    assert len(set(found)) == 200 and 0 not in found
    assert scratch.fingerprint(split("http://A:80/x")) == scratch.fingerprint(split("http://a/x"))


def test_the_wary_survive_as_bytes():
    assert unpack_wary(pack_wary({1: 300})) == {1: 255}
    assert unpack_wary(b"") == {} and unpack_wary(b"12") == {}
