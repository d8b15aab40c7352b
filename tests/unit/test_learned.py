"""core/learned.py: what others told, as bytes and back; and its place in the order of the book."""

from phone.config import Home, check
from phone.core.learned import TAUGHT_MAX, Homing, Reader, Taught, pack_home, pieces, unpack_home
from phone.core.pointers import KEEPALIVE, PUSH, Book

HOMES = (Home("A", "sip:10.0.0.1", ()), Home("B", "", ()))
HOMING = Homing(1, 1790000000, 240, 3, 4294967295, "A did not answer its keep-alive.")


def read(data, size=7):
    reader = Reader()
    for at in range(0, len(data), size):
        reader.take(data[at : at + size])
    return reader.taught


def test_the_home_comes_back_and_fits_into_a_hot_record():
    data = pack_home(HOMING, HOMES)
    assert unpack_home(data, HOMES) == HOMING and len(data) <= 112
    long = HOMING._replace(why="ü" * 300) if hasattr(HOMING, "_replace") else HOMING
    assert len(pack_home(long, HOMES)) <= 112


def test_a_home_of_another_configuration_does_not_count():
    data = pack_home(HOMING, HOMES)
    assert unpack_home(data, (HOMES[1], HOMES[0])) is None, "another order"
    assert unpack_home(data, HOMES[:1]) is None, "it is gone"
    assert unpack_home(data, (Home("A", "sip:10.0.0.9", ()), HOMES[1])) is None, "another manager"
    for bad in (None, b"", data[:18], b"\x02" + data[1:], b"\x01\x07" + data[2:]):
        assert unpack_home(bad, HOMES) is None


def test_no_byte_of_the_flash_becomes_a_letter_that_turns_the_screen():
    data = pack_home(HOMING, HOMES)[:19] + b"\x1b[2J\xe2\x80\xae"
    assert unpack_home(data, HOMES).why == "?[2J???"


def test_pointers_come_back_in_pieces_of_any_size():
    taught = [Taught("services", "http://10.0.0.7/menu.xml?a=1&b=2", KEEPALIVE, 0.9, True, 0),
              Taught("directory", "https://people.example/", PUSH, 0.5, False, 1790000000)]
    data = b"".join(pieces(taught))
    for size in (1, 2, 7, 1024):
        assert read(data, size) == taught


def test_what_may_not_be_kept_is_left_out_both_ways():
    good = "http://10.0.0.7/"
    bad = [("idle", good, PUSH), ("services", "ftp://10.0.0.7/", PUSH),
           ("services", good + "x" * 200, PUSH), ("services", good, "configuration")]
    bad = [Taught(service, url, source, 1, False, 0) for service, url, source in bad]
    assert list(pieces(bad)) == []
    line = b"services\tpush\t1000\t0\t0\thttp://10.0.0.7/\n"
    assert len(read(line)) == 1
    for old, new in ((b"1000", b"-1"), (b"1000", b"x"), (b"push", b"p\xff"), (b"http", b"file"), (b"\n", b""),
                     (b"\t0\thttp", b"\t9999999999\thttp"), (line, b"\t\t\t\t\t\n"), (line, b"\n\n")):
        assert read(line.replace(old, new)) == [], new
    assert len(read(line * 100, 1000)) == 2 * TAUGHT_MAX
    assert read(b"x" * 5000 + b"\n" + line, 64)[-1].url == "http://10.0.0.7/"


def test_the_order_of_the_book():
    config = check({
        "identity": {"name": "SEP1"},
        "homes": [{"name": "A", "pointers": {"services": "http://10.0.0.1/"}},
                  {"name": "B", "pointers": {"services": "http://10.0.0.2/"}}],
        "backups": {"services": "http://10.0.0.3/"},
    })[0]
    book = Book(config)
    told = [Taught("services", "http://10.0.1.%d/" % n, KEEPALIVE, q, False, 0)
            for n, q in ((1, 0.2), (2, 0.8))]
    pushed = [Taught("services", "http://10.0.2.%d/" % n, PUSH, 0.1, False, 0) for n in (1, 2)]
    book.teach(KEEPALIVE, told)
    book.teach(PUSH, pushed)

    def hosts():
        return [pointer.url.host for pointer in book.of("services")]

    assert hosts() == ["10.0.0.1", "10.0.2.1", "10.0.2.2", "10.0.1.2", "10.0.1.1", "10.0.0.2", "10.0.0.3"]
    book.home = 1
    assert hosts()[0] == "10.0.0.2" and hosts()[-2:] == ["10.0.0.1", "10.0.0.3"]
    book.teach(KEEPALIVE, told[:1])
    assert hosts() == ["10.0.0.2", "10.0.2.1", "10.0.2.2", "10.0.1.1", "10.0.0.1", "10.0.0.3"], "it replaces"
    book.teach(KEEPALIVE, [])
    book.teach(PUSH, [])
    assert hosts() == ["10.0.0.2", "10.0.0.1", "10.0.0.3"], "nothing of the configuration goes"
