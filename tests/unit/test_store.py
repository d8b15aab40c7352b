"""core/store.py and cold.py: what is written, and when; both with files that may fail in any way."""

from flash import DATA_MAX, Hands, Shelf, slot

from phone.core import cold, slots
from phone.events import BROKEN, FULL, READ_ONLY, Closed, Key
from phone.phrases import plain

HOUR = 3600000


def start(files=None, now=1000, shelf=None):
    hands = Hands(shelf or Shelf(files), now=now)
    hands.begin()
    return hands, hands.store, hands.files


def put(hands, data, name="home"):
    assert hands.store.put(name, data, hands.now)


def letters(*sizes):
    """A maker of pieces of these sizes."""
    return lambda: iter([b"%c" % (97 + number) * size for number, size in enumerate(sizes)])


def fetch(hands, name="page.services"):
    """What is given: (pieces, end)."""
    got = []
    hands.store.fetch(name, got.append, hands.now)
    hands.until(lambda: got and not got[-1])
    return got[:-1], got[-1]


def test_a_record_outlives_its_phone():
    hands, store, shelf = start()
    assert store.ready and store.get("home") is None
    put(hands, b"one")
    assert store.get("home") == b"one", "at once"
    hands.run(100)
    assert start(shelf.files)[1].get("home") == b"one"
    store.drop("home", hands.now)
    assert store.get("home") is None
    hands.run(HOUR)
    assert start(shelf.files)[1].get("home") is None


def test_only_a_change_is_written():
    hands, store, shelf = start()
    put(hands, b"one")
    hands.run(HOUR)
    put(hands, b"one")
    put(hands, b"two")
    put(hands, b"one")  # and back, before its time has come
    hands.run(HOUR)
    assert len(shelf.saves) == 1
    hands, store, shelf = start(shelf.files)
    put(hands, b"one")
    store.drop("taste", hands.now)  # there is none
    hands.run(HOUR)
    assert shelf.saves == []
    assert store.deadline() is None, "nothing is to be done"


def test_nothing_is_written_within_a_second_of_a_key():
    hands, store, shelf = start()
    for _ in range(5):
        put(hands, b"%d" % hands.now)
        store.key(hands.now)
        hands.run(900)
        assert shelf.saves == []
    hands.run(200)
    assert len(shelf.saves) == 1


def test_flapping_is_written_at_a_pace():
    """A burst, then one every half hour: whatever is put in between."""
    hands, _, shelf = start()
    for minute in range(24 * 60):
        put(hands, b"%d" % minute)
        hands.run(60000)
    assert 48 <= len(shelf.saves) <= 48 + slots.BURST
    quiet = 24 * HOUR
    hands.run(quiet)
    shelf.saves.clear()
    for number in range(20):
        put(hands, b"again %d" % number)
        hands.run(1000)
    assert len(shelf.saves) == slots.BURST
    put(hands, b"last")
    hands.run(HOUR)
    assert start(shelf.files)[1].get("home") == b"last", "the last word is kept, later"


def test_a_start_brings_no_burst():
    hands, _, shelf = start()
    for number in range(20):
        put(hands, b"%d" % number)
        hands.run(1000)
    assert len(shelf.saves) == slots.BURST_AT_START


def test_a_record_that_is_too_long_is_not_taken():
    hands, store, _ = start()
    put(hands, b"x" * DATA_MAX)
    assert not store.put("home", b"y" * (DATA_MAX + 1), hands.now)
    assert store.get("home") == b"x" * 112


def test_a_flash_that_takes_nothing_leaves_a_phone_that_says_so():
    for why, words in ((FULL, "is full"), (READ_ONLY, "is read-only"), (BROKEN, "is damaged")):
        hands, store, shelf = start()
        put(hands, b"one")
        hands.run(1000)
        assert store.trouble == "" and hands.notes == []
        shelf.why = why
        put(hands, b"two")
        hands.run(4 * HOUR)
        assert words in plain(store.trouble) and store.read_only == (why == READ_ONLY)
        assert len(hands.notes) == 1 and words in hands.notes[0], "it is said once"
        assert 8 <= len(shelf.saves) <= 10, "it is tried again, seldom"
        assert store.get("home") == b"two", "it lives with what it knows"
        assert start(shelf.files)[1].get("home") == b"one", "the old one is whole"
        shelf.why = ""
        hands.run(HOUR)
        assert store.trouble == "" and "in order again" in hands.notes[1] and not store.read_only
        assert start(shelf.files)[1].get("home") == b"two"


def test_the_worst_is_said():
    hands, store, shelf = start()
    store._note("home", BROKEN, 0)
    store._note("taste", FULL, 0)
    assert "full" in plain(store.trouble)
    store._note("page.services", READ_ONLY, 0)
    assert store.read_only
    store._note("page.services", "", 0)
    store._note("taste", "", 0)
    assert "damaged" in plain(store.trouble)


def test_damaged_files_are_said_and_mended():
    files = {"home.a": b"rubbish", "home.b": b"\0" * 500, "taste.a": slot(1, b"de")}
    hands, store, shelf = start(files)
    assert store.get("home") is None and store.get("taste") == b"de"
    assert "learned anew" in hands.notes[0] and store.trouble
    hands.run(1000)
    assert store.trouble == "", "it was written anew"
    assert start(shelf.files)[0].notes == []


def test_files_that_cannot_be_read_leave_a_working_phone():
    shelf = Shelf({"home.a": slot(1, b"one")})
    shelf.blind = ("home.a", "home.b", "taste.a")
    hands, store, _ = start(shelf=shelf)
    assert store.ready and store.get("home") is None
    assert "damaged" in hands.notes[0]
    put(hands, b"two")
    hands.run(HOUR)
    shelf.blind = ()
    assert start(shelf.files)[1].get("home") == b"two", "what could not be read does not come back"


def test_answers_that_get_lost_are_no_end():
    """A full heap can swallow an event, and an effect."""
    shelf = Shelf({"home.a": slot(1, b"one")})
    shelf.deaf = True
    hands = Hands(shelf)
    hands.do(hands.store.begin(hands.now))
    hands.run(1000)
    assert not hands.store.ready
    shelf.deaf = False
    hands.run(20000)
    assert hands.store.ready and hands.store.get("home") == b"one"
    shelf.deaf = True
    put(hands, b"two")
    hands.store.write("page.services", letters(10), hands.now)
    got = []
    hands.store.fetch("page.directory", got.append, hands.now)
    hands.run(1000)
    shelf.deaf = False
    hands.run(5 * HOUR)
    assert got == [False]
    _, again, _ = start(shelf.files)
    assert again.get("home") == b"two" and fetch(hands) == ([b"a" * 10], None)


def test_events_of_others_are_theirs():
    hands, store, _ = start()
    assert store.receive(Closed(1, "end"), 0) is None and store.receive(Key("up", True), 0) is None


def test_whatever_a_power_cut_spoils_there_is_the_old_one():
    """On a file system that tears what is being written, as a PC's may: LittleFS does not."""
    first = letters(1000, 500)
    for late in range(12):  # ms after which the power goes
        for torn in range(4):
            hands, store, shelf = start()
            put(hands, b"old")
            store.write("page.services", first, hands.now)
            hands.run(100)
            put(hands, b"new")
            store.write("page.services", letters(500, 1000, 1000, 1000), hands.now)
            hands.run(late)
            shelf.tear(torn)
            again, store, _ = start(shelf.files)
            assert store.get("home") in (b"old", b"new") and again.notes == [], (late, torn)
            pieces, end = fetch(again)
            length = sum([len(piece) for piece in pieces])
            assert end is None and length in (1500, 3500), (late, torn, length)


# --- large records -------------------------------------------------------------------------------


def test_a_large_record_goes_by_pieces():
    hands, store, shelf = start()
    assert fetch(hands) == ([], False)
    make = letters(1024, 1, 1024, 1024, 300)
    store.write("page.services", make, hands.now)
    hands.run(100)
    pieces, end = fetch(start(shelf.files)[0])
    assert end is None and b"".join(pieces) == b"".join(make())
    assert max([len(piece) for piece in pieces]) <= 1024


def test_an_empty_large_record_is_one():
    hands, store, shelf = start()
    store.write("page.services", letters(), hands.now)
    hands.run(100)
    assert fetch(start(shelf.files)[0]) == ([], None)


def test_a_large_record_is_written_on_change_only():
    hands, store, shelf = start()
    for _ in range(3):
        store.write("page.services", letters(1000, 1000), hands.now)
        hands.run(3 * HOUR)
    assert len(shelf.saves) == 1
    hands, store, shelf = start(shelf.files)
    store.write("page.services", letters(500, 500, 1000), hands.now)  # other bytes
    hands.run(HOUR)
    assert len(shelf.saves) == 1


def test_large_records_flap_at_a_pace():
    hands, store, shelf = start()
    for minute in range(24 * 60):
        store.write("page.services", letters(minute % 7 + 1), hands.now)
        hands.run(60000)
    assert 24 <= len(shelf.saves) <= 24 + cold.BURST, len(shelf.saves)


def test_the_last_word_is_written():
    hands, store, shelf = start()
    for size in range(1, 10):
        store.write("page.services", letters(size), hands.now)
    hands.run(100)
    assert len(shelf.saves) == 1 and fetch(hands) == ([b"a" * 9], None)


def test_no_large_record_is_begun_within_a_second_of_a_key():
    hands, store, shelf = start()
    for size in range(1, 6):
        store.key(hands.now)
        store.write("page.services", letters(size), hands.now)
        hands.run(900)
        assert not shelf.written and not shelf.saves
    hands.run(200)
    assert len(shelf.saves) == 1


def test_one_record_is_read_and_written_at_once():
    """Each has its own answers, whoever begins."""
    for first in (0, 1, 2, 5, 9):
        hands, store, shelf = start({"page.services.a": slot(7, b"o" * 2000)})
        got = []
        if first:
            store.write("page.services", letters(1000, 1000, 1000), hands.now)
            hands.run(first)
        store.fetch("page.services", got.append, hands.now)
        store.write("page.services", letters(1000, 1000, 1000), hands.now)
        hands.run(1000)
        assert got[-1] is None and sum([len(piece) for piece in got[:-1]]) in (2000, 3000), first
        assert fetch(start(shelf.files)[0])[1] is None
        assert [name for name, _ in shelf.saves] == ["page.services.b"], first


def test_pieces_wait_while_keys_are_pressed():
    hands, store, shelf = start()
    store.write("page.services", letters(1000, 1000, 1000), hands.now)
    hands.until(lambda: shelf.written)
    store.key(hands.now)
    written = shelf.written
    for _ in range(20):
        hands.run(900)
        store.key(hands.now)
        assert shelf.written == written and not shelf.saves
    assert fetch(hands, "page.directory") == ([], False), "reading goes on"
    hands.run(1100)
    assert len(shelf.saves) == 1


def test_pieces_go_on_when_the_keys_are_over():
    hands, store, shelf = start()
    store.write("page.services", letters(1000, 1000, 1000), hands.now)
    hands.until(lambda: shelf.written)
    store.key(hands.now)
    hands.run(1100)
    assert len(shelf.saves) == 1 and fetch(hands)[1] is None


def test_whoever_makes_pieces_may_want_something_else_kept():
    hands, store, shelf = start()
    store.write("page.services", letters(10), hands.now)
    hands.run(100)

    def make():
        yield b"a" * 10
        put(hands, b"still the same")

    store.write("page.services", make, hands.now)
    hands.run(HOUR)
    assert store.get("home") == b"still the same" and shelf.files["home.a"].endswith(b"the same")


def test_a_record_too_large_stays_as_it_was():
    hands, store, shelf = start()
    store.write("page.services", letters(10), hands.now)
    hands.run(100)
    store.write("page.services", letters(*[1000] * 17), hands.now)
    hands.run(HOUR)
    assert len(shelf.saves) == 1 and fetch(hands) == ([b"a" * 10], None)


def test_a_file_too_large_is_no_record():
    hands, _, _ = start({"page.services.a": slot(7, b"o" * (cold.COLD_MAX + 1))})
    assert fetch(hands) == ([], False)
    hands, _, _ = start({"page.services.a": slot(7, b"o" * cold.COLD_MAX)})
    assert fetch(hands)[1] is None


def test_a_large_record_that_changes_while_it_is_written_is_not_taken():
    hands, store, shelf = start()
    store.write("page.services", letters(10), hands.now)
    hands.run(100)
    calls = []

    def make():
        calls.append(1)
        return iter([b"x" * 20 * len(calls)])

    store.write("page.services", make, hands.now)
    hands.run(HOUR)
    assert len(calls) == 2 and fetch(hands) == ([b"a" * 10], None)


def test_large_records_are_dropped():
    hands, store, shelf = start()
    store.write("page.services", letters(10), hands.now)
    hands.run(3 * HOUR)
    store.write("page.services", letters(20), hands.now)
    hands.run(3 * HOUR)
    assert sorted(shelf.files) == ["page.services.a", "page.services.b"]
    store.drop("page.services", hands.now)
    hands.run(3 * HOUR)
    assert shelf.files == {} and fetch(hands) == ([], False)
    gone = [name for name, data in shelf.saves if data is None]
    assert gone == ["page.services.a", "page.services.b"], "the older one first"


def test_a_large_record_that_is_refused_is_written_later():
    hands, store, shelf = start()
    shelf.why = FULL
    store.write("page.services", letters(10), hands.now)
    hands.run(HOUR)
    assert "is full" in plain(store.trouble)
    shelf.why = ""
    hands.run(2 * HOUR)
    assert store.trouble == "" and fetch(hands) == ([b"a" * 10], None)


def test_a_large_slot_that_cannot_be_read_does_not_come_back():
    shelf = Shelf({"page.services.b": slot(9, b"old")})
    shelf.blind = ("page.services.b",)
    hands, store, _ = start(shelf=shelf)
    store.write("page.services", letters(10), hands.now)
    hands.run(100)
    shelf.blind = ()
    assert fetch(hands) == ([b"a" * 10], None)


def test_a_damaged_large_slot_gives_the_other_one():
    new = slot(8, b"n" * 3000)
    for bad in (new[:-1], new + b"x", new[:2000] + b"N" + new[2001:], new[:1024], b"", b"Evl"):
        hands, store, shelf = start({"page.services.a": slot(7, b"o" * 2000), "page.services.b": bad})
        pieces, end = fetch(hands)
        assert (b"".join(pieces), end) == (b"o" * 2000, None)
        store.write("page.services", letters(10), hands.now)
        hands.run(100)
        assert [name for name, _ in shelf.saves] == ["page.services.b"]
        assert fetch(hands) == ([b"a" * 10], None)


def test_a_fetch_that_dies_half_way_is_told():
    hands, store, shelf = start({"page.services.a": slot(7, b"o" * 5000)})
    got = []
    store.fetch("page.services", got.append, hands.now)
    hands.until(lambda: got)
    shelf.blind = ("page.services.a",)
    hands.until(lambda: not got[-1])
    assert got[-1] is False


# --- flush ---------------------------------------------------------------------------------------


def flushed(hands):
    """ms until all is settled."""
    began = hands.now
    hands.do(hands.store.flush(hands.now))
    hands.until(lambda: hands.store.settled)
    return hands.now - began


def test_flush_writes_all_there_is():
    hands, kept, shelf = start()
    assert flushed(hands) == 0, "nothing is to be written"
    for number in range(5):  # beyond the burst
        put(hands, b"%d" % number)
        hands.run(10)
    for size in (10, 1000, 1001):
        kept.write("page.services", letters(1000, size), hands.now)
        hands.run(100)
    put(hands, b"de", "taste")
    kept.key(hands.now)
    assert not kept.settled and 0 < flushed(hands) < 100
    again, kept, _ = start(shelf.files)
    assert kept.get("home") == b"4" and kept.get("taste") == b"de"
    assert sum([len(piece) for piece in fetch(again)[0]]) == 2001


def test_flush_writes_what_a_key_has_stopped():
    hands, kept, shelf = start()
    kept.write("page.services", letters(1000, 1000, 1000), hands.now)
    hands.until(lambda: shelf.written)
    kept.key(hands.now)
    hands.run(100)
    assert flushed(hands) < 100 and fetch(start(shelf.files)[0])[1] is None


def test_a_flash_that_takes_nothing_is_settled_one_that_says_nothing_is_not():
    hands, kept, shelf = start()
    shelf.why = READ_ONLY
    put(hands, b"one")
    kept.write("page.services", letters(10), hands.now)
    assert flushed(hands) < 100
    hands, kept, shelf = start()
    shelf.deaf = True
    put(hands, b"one")
    hands.do(kept.flush(hands.now))
    hands.run(5000)
    assert not kept.settled


def test_flush_tries_again_what_was_refused():
    hands, kept, shelf = start()
    shelf.why = FULL
    put(hands, b"one")
    hands.run(1000)
    shelf.why = ""
    hands.do(kept.flush(hands.now))
    hands.run(100)
    assert start(shelf.files)[1].get("home") == b"one"


def test_flush_counts_in_the_pace():
    """Whoever flushes at the pace for ever does not double what hot records cost."""
    hands, store, shelf = start()
    for minute in range(24 * 60):
        put(hands, b"%d" % minute)
        store.write("page.services", letters(minute % 7 + 1), hands.now)
        if minute % 30 == 29:
            hands.do(store.flush(hands.now))
        hands.run(60000)
    hot = len([name for name, _ in shelf.saves if name[:4] == "home"])
    assert 48 <= hot <= 48 + slots.BURST, hot
    large = len(shelf.saves) - hot
    assert large <= 48 + cold.BURST, large


def test_flush_goes_before_the_pace_once():
    hands, kept, shelf = start()
    for number in range(5):
        put(hands, b"%d" % number)
        hands.run(10)
    assert len(shelf.saves) == slots.BURST_AT_START
    hands.do(kept.flush(hands.now))
    hands.run(10)
    assert len(shelf.saves) == slots.BURST_AT_START + 1 and kept.settled
    put(hands, b"next")
    hands.run(10)
    assert len(shelf.saves) == slots.BURST_AT_START + 1
