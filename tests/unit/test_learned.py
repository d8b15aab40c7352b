"""core/learned.py: what others told, as bytes and back."""

from phone.config import Home
from phone.core.learned import (
    TAUGHT_MAX,
    Homing,
    Numbers,
    Reader,
    Taught,
    line,
    pack_home,
    pack_numbers,
    spread_line,
    unpack_home,
    unpack_numbers,
)
from phone.core.pointers import KEEPALIVE, PUSH

HOMES = (Home("A", "sip:10.0.0.1", ()), Home("B", "", ()))
HOMING = Homing(1, 1790000000, 240, 3, "", "A did not answer its keep-alive.")
NUMBERS = Numbers(b"key!", 4294967295, b"1234", 17, b"5678")


def read(data, size=7):
    reader = Reader()
    for at in range(0, len(data), size):
        reader.give(data[at : at + size])
    assert reader.whole is None
    reader.give(None)
    assert reader.whole
    return reader.taught


def test_the_home_comes_back_and_fits_into_a_hot_record():
    data = pack_home(HOMING, HOMES)
    assert unpack_home(data, HOMES) == HOMING and len(data) <= 112
    long = Homing(7, 1790000000, 3600, 999, "sip:" + "d" * 63 + ":50600", "ü" * 300)
    assert len(pack_home(long, HOMES)) <= 112


def test_a_learned_home_comes_back_by_its_address():
    learned = Homing(2, 0, 120, 0, "sip:10.0.0.3:5060", "A was silent.")
    assert unpack_home(pack_home(learned, HOMES), HOMES) == learned
    for bad in (Homing(2, 0, 120, 0, "", "A"), Homing(1, 0, 120, 0, "sip:10.0.0.3:5060", "A")):
        assert unpack_home(pack_home(bad, HOMES), HOMES) is None


def test_a_home_of_another_configuration_does_not_count():
    data = pack_home(HOMING, HOMES)
    assert unpack_home(data, (HOMES[1], HOMES[0])) is None, "another order"
    assert unpack_home(data, HOMES[:1]) is None, "it is gone"
    assert unpack_home(data, (Home("A", "sip:10.0.0.9", ()), HOMES[1])) is None, "another manager"
    for bad in (None, b"", data[:14], b"\x01" + data[1:], b"\x02\x07" + data[2:]):
        assert unpack_home(bad, HOMES) is None


def test_no_byte_of_the_flash_becomes_a_letter_that_turns_the_screen():
    data = pack_home(HOMING, HOMES)[:16] + b"\x1b[2J\xe2\x80\xae"
    assert unpack_home(data, HOMES).why == "?[2J???"


def test_numbers_of_another_key_are_forgotten():
    data = pack_numbers(NUMBERS)
    assert unpack_numbers(data, b"key!") == NUMBERS and len(data) <= 112
    for bad, key in ((data, b"KEY!"), (None, b"key!"), (data[:-1], b"key!"), (data + b"x", b"key!")):
        assert unpack_numbers(bad, key) == Numbers(key, 0, bytes(4), 0, bytes(4))


def test_pointers_come_back_in_pieces_of_any_size():
    taught = [Taught("services", "http://10.0.0.7/menu.xml?a=1&b=2", KEEPALIVE, 900, 0, 0, True),
              Taught("", "https://people.example/", PUSH, 500, 0, 1790000000, False),
              Taught("manager", "sip:10.0.0.3:5060", KEEPALIVE, 1000, 60, 0, False)]
    data = spread_line(30) + b"".join([line(one, 0) for one in taught])
    for size in (1, 2, 7, 1024):
        assert read(data, size) == taught


def test_what_lasts_has_a_date_on_the_flash_where_the_time_was_known():
    one = Taught("", "http://10.0.0.7/", KEEPALIVE, 1000, 60, 0, False)
    assert read(line(one, 1790000000)) == [Taught("", one.url, KEEPALIVE, 1000, 0, 1790000060, False)]
    both = Taught("", "http://10.0.0.7/", KEEPALIVE, 1000, 60, 1790000050, True)
    assert read(line(both, 1790000000))[0].ends == 1790000050, "the earlier one"


def test_what_may_not_be_kept_is_left_out():
    good = b"services\tpush\t1000\t0\t0\t0\thttp://10.0.0.7/\n"
    assert len(read(good)) == 1
    for old, new in ((b"1000", b"-1"), (b"1000", b"1001"), (b"1000", b"x"), (b"push", b"p\xff"), (b"\n", b""),
                     (b"services", b"idle"), (b"push", b"configuration"), (b"7/", b"7/" + b"x" * 200),
                     (b"\t0\thttp", b"\thttp"), (b"\t0\t0\t0\t", b"\t0\t9999999999\t0\t"),
                     (good, b"\t\t\t\t\t\t\n"), (good, b"\n\n")):
        assert read(good.replace(old, new)) == [], new
    assert len(read(good * 100, 1000)) == 2 * TAUGHT_MAX
    assert read(b"x" * 5000 + b"\n" + good, 64)[-1].url == "http://10.0.0.7/"


def test_a_record_that_breaks_off_is_not_whole():
    reader = Reader()
    reader.give(b"spread\t7\n")
    reader.give(False)
    assert reader.whole is False and reader.spread_s == 7
