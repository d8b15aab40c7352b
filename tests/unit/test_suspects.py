"""core/suspects.py with core/pointers.py and walk.py: who may have stopped the phone is asked last."""

from phone import config
from phone.core import suspects
from phone.core.journal import Journal
from phone.core.pointers import Book
from phone.core.result import Context
from phone.core.suspects import CHANCE_MAX_MS, CHANCE_MS
from phone.core.walk import ServiceWalk
from phone.phrases import plain
from phone.wire.life import unpack_wary
from phone.wire.scratch import fingerprint

RAW = {
    "homes": [
        {"name": name, "pointers": {"services": "http://%s/" % name, "directory": "http://%s/d" % name}}
        for name in ("a", "b", "c")
    ],
}


class Box:
    """Stands for the blackbox."""

    def __init__(self, store=None):
        self.store, self.wary = store or Store(), b""


class Store:
    def __init__(self):
        self.records = {}

    def put(self, name, data, now):
        self.records[name] = data


def scene(*strikes):
    """A book whose services pointers stopped the phone so often, at 0 ms."""
    book = Book(config.check(RAW)[0])
    for pointer, times in zip(book.of("services"), strikes):
        if times:
            suspects.add(fingerprint(pointer.url), times, book, 0)
    return book


def order(book, now=1, service="services"):
    return [pointer.label for pointer in book.order(service, now)]


def walk(book, now=1):
    walk = ServiceWalk(book, Context("services", None, None, True, False, False, None))
    found = []
    while True:
        context = walk.next(now)
        if context is None:
            return found, [plain(said) for said in walk.said], walk.other(now)
        found.append(context.pointer.label)


def test_a_suspect_is_asked_last_until_its_time_comes():
    book = scene(1)
    assert order(book) == ["b", "c", "a"] and order(book, CHANCE_MS - 1) == ["b", "c", "a"]
    assert order(book, CHANCE_MS) == ["a", "b", "c"]
    assert order(book, service="directory") == ["a", "b", "c"], "the page, not the server"


def test_even_after_those_that_are_unwell():
    book = scene(1)
    book.of("services")[1].health.bad("refused", 0)
    assert order(book) == ["c", "b", "a"]


def test_the_second_time_it_is_left_out_and_offered():
    book = scene(2)
    assert order(book) == ["b", "c"]
    found, said, other = walk(book)
    assert found == ["b", "c"]
    assert [line.replace("\xa0", " ") for line in said] == [
        "a may have stopped the phone 2 times. It is asked again in 9 min."
    ]
    assert other.pointer.label == "a" and other.once and not other.walks
    assert order(book, 2 * CHANCE_MS) == ["a", "b", "c"]


def test_once_it_is_still_asked_where_nobody_else_is_left():
    found, said, other = walk(scene(1))
    assert found == ["b", "c", "a"] and not said and other is None


def test_the_only_server_of_a_phone_is_asked_once_more():
    book = scene(1, 1, 1)
    assert order(book) == ["a", "b", "c"]
    assert book.in_use("services", 1).label == "a"


def test_it_is_not_looked_at_and_not_asked_beside_another():
    book = scene(1)
    assert "a" not in [p.label for p in book.watched(1) if p.service == "services"]
    assert book.serving(1).label == "b"
    walk = ServiceWalk(book, Context("services", None, None, True, False, False, None))
    assert walk.next(1).pointer.label == "b"
    assert walk.beside([], lambda url: True, 1).pointer.label == "c"
    assert walk.beside([], lambda url: True, 1) is None


def test_each_time_the_wait_doubles_up_to_a_day():
    waits = [suspects.wait_ms(strikes) for strikes in range(1, 14)]
    assert waits[:4] == [CHANCE_MS, 2 * CHANCE_MS, 4 * CHANCE_MS, 8 * CHANCE_MS]
    assert waits[8] < CHANCE_MAX_MS == waits[9] == waits[-1] == suspects.wait_ms(255)


def test_a_page_without_harm_clears_it_and_all_is_kept():
    book, journal, store = scene(2, 1), Journal(), Store()
    box = Box(store)
    suspects.keep(book, box, 5)
    assert sorted(unpack_wary(box.wary).values()) == [1, 2] and store.records["suspect"] == box.wary
    a, b, c = book.of("services")
    notes = suspects.clear(a, book, box, journal, 6)
    assert "a" in notes[0].text and order(book) == ["a", "c", "b"]
    assert suspects.clear(c, book, box, journal, 7) == []
    suspects.clear(b, book, box, journal, 8)
    assert store.records["suspect"] == b"" == box.wary


def test_what_was_stored_is_added_to_what_is_known():
    book, box = scene(1, 3), Box()
    suspects.keep(book, box, 0)
    other = scene(2)
    suspects.load(box.wary, other, 100)
    a, b, _ = [other.wary.get(fingerprint(p.url)) for p in other.of("services")]
    assert a == (2 * CHANCE_MS, 2) and b == (100 + 4 * CHANCE_MS, 3)
    before = dict(other.wary)
    suspects.load(None, other, 100)
    suspects.load(b"", other, 100)
    assert other.wary == before


def test_of_too_many_the_least_is_forgotten():
    book = scene()
    for url in range(1, 30):
        suspects.add(url, 9 if url == 3 else 2, book, 0)
    assert len(book.wary) == 12 and 3 in book.wary and 29 in book.wary
    box = Box()
    suspects.keep(book, box, 0)
    assert len(box.wary) <= 80, "the scratch memory has no more room"
