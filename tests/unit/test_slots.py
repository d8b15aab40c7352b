"""core/slots.py: the form of a slot, and which of the two counts."""

from binascii import crc32

from flash import DATA_MAX, slot

from phone.core import slots
from phone.events import BROKEN, Load, Save

# The check is the CRC-32 of b"oneEvl\x01\0\0\0\x07\0\0\0\x03", as zlib says.
HOME = b"Evl\x01\x00\x00\x00\x07\x00\x00\x00\x03\xdc\x21\x13\x3aone"


def test_the_form_of_a_slot_never_changes():
    """What a phone wrote, its next version reads."""
    assert slot(7, b"one") == HOME
    assert slots.unpack(HOME) == (7, b"one")
    assert slots.unpack(slot(0xFFFFFFFF, b"")) == (0xFFFFFFFF, b"")
    assert slots.head(7, 3, crc32(b"one")) == HOME[: slots.HEAD]
    assert (slots.file("home", 0), slots.file("home", 1)) == ("home.a", "home.b")
    assert len(slot(7, b"x" * DATA_MAX)) == slots.HOT_MAX == 128


def test_whatever_is_not_whole_is_found_out():
    for length in range(len(HOME)):
        assert slots.unpack(HOME[:length]) is None, length
    assert slots.unpack(HOME + b"\0") is None
    for at in range(len(HOME)):
        for bit in range(8):
            bad = HOME[:at] + bytes((HOME[at] ^ 1 << bit,)) + HOME[at + 1 :]
            assert slots.unpack(bad) is None, (at, bit)
    assert slots.unpack(b"\xff" * 4096) is None and slots.unpack(b"\0" * 128) is None


def test_numbers_wrap():
    assert slots.head(0x100000000, 0, 0) == slots.head(0, 0, 0)
    assert slots.newer(8, 7) and not slots.newer(7, 8) and not slots.newer(7, 7)
    assert slots.newer(0, 0xFFFFFFFF) and not slots.newer(0xFFFFFFFF, 0)
    assert slots.newer(0x80000000, 1) and not slots.newer(0x80000001, 1), "half a turn is neither"


def started(first, second):
    """A Record that has read these two slots: None where there is no file, False where it cannot be read."""
    record = slots.Record()
    assert [effect[1:] for effect in record.begin("home", 0)] == [(0,), (0,)]
    assert record.loaded(0, first) == ""
    return record, record.loaded(1, second)


def written(record):
    """(file, number, data) of what the record wants to have written next."""
    assert record.wait(0) is not None, "nothing"
    (effect,) = record.go_on("home", 0)
    assert type(effect) is Save
    return (effect.name,) + slots.unpack(effect.data)


def test_the_newest_whole_one_counts_and_the_other_is_written_next():
    whole = slot
    for first, second, data, file, number in (
        (None, None, b"", "home.a", 1),
        (whole(1, b"one"), None, b"one", "home.b", 2),
        (whole(7, b"old"), whole(8, b"new"), b"new", "home.a", 9),
        (whole(8, b"new"), whole(7, b"old"), b"new", "home.b", 9),
        (whole(0, b"new"), whole(0xFFFFFFFF, b"old"), b"new", "home.b", 1),
        (whole(0xFFFFFFFE, b"old"), whole(0xFFFFFFFF, b"new"), b"new", "home.a", 0),
        (whole(7, b"old"), whole(8, b"new")[:-1], b"old", "home.b", 8),
        (b"", whole(8, b"new"), b"new", "home.a", 9),
        (whole(7, b"old"), b"", b"old", "home.b", 8),
        (b"rubbish", whole(7, b"old"), b"old", "home.a", 8),
    ):
        record, said = started(first, second)
        assert (record.data, said) == (data, ""), (first, second)
        assert record.wait(0) is None, "nothing has changed"
        record.data = b"next"
        assert record.wait(0) is not None
        assert written(record) == (file, number, b"next")


def test_what_was_put_before_the_flash_was_read_counts():
    record = slots.Record()
    record.begin("home", 0)
    record.data = b"put"
    record.loaded(0, slot(3, b"old"))
    assert record.wait(0) == slots.ANSWER_MS, "not before both are read"
    record.loaded(1, None)
    assert record.data == b"put" and written(record) == ("home.b", 4, b"put")


def test_a_record_that_is_lost_is_said_and_mended():
    record, said = started(b"rubbish", b"more rubbish")
    assert (said, record.data) == (slots.LOST, b"")
    assert written(record) == ("home.a", 1, b""), "the next start has nothing to say"
    for first, second in ((b"rubb", None), (b"", None), (b"", b"")):
        assert started(first, second)[1] == "", "the power went while the first one ever was written"


def test_a_slot_that_cannot_be_read_does_not_come_back():
    """It may hold a later number, and may be readable at the next start."""
    record, said = started(slot(7, b"old"), False)
    assert said == BROKEN and record.data == b"old"
    assert written(record) == ("home.b", 8, b"old")
    record.saved(1, "", 0)
    assert record.wait(0) is None

    record, said = started(False, False)
    assert said == BROKEN and record.data == b""
    record.data = b"new"
    assert written(record) == ("home.a", 1, b"new")
    record.saved(0, "", 0)
    assert written(record) == ("home.b", 2, b"new")
    record.saved(1, "", 0)
    assert record.wait(0) is None


def test_an_answer_that_is_lost_is_asked_for_again():
    record = slots.Record()
    record.begin("home", 0)
    record.loaded(1, slot(3, b"old"))
    assert record.wait(0) == slots.ANSWER_MS
    assert record.go_on("home", slots.ANSWER_MS) == [Load("home.a", 0)], "the other one was read"
    assert record.loaded(1, None) == "" and record.unread, "an answer that comes twice is heard once"
    record.loaded(0, None)
    assert record.data == b"old"
