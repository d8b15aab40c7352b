"""core/walk.py and core/race.py: who may be asked beside a slow server."""

from phone.config import check
from phone.core.pointers import Book
from phone.core.result import Context
from phone.core.walk import ServiceWalk
from phone.wire.url import site

RAW = {
    "homes": [
        {"name": "A", "pointers": {"services": ["http://a/1", "http://a/2"]}},
        {"name": "B", "pointers": {"services": "http://b/"}},
        {"name": "C", "pointers": {"services": "http://c/"}},
    ]
}


def walk():
    book = Book(check(RAW)[0])
    made = ServiceWalk(book, Context("services", None, None, True, False, False, None))
    return book, made, made.next(0)


def beside(made, busy, has_room=lambda url: True):
    target = made.beside([site(target.url) for target in busy], has_room, 0)
    return target and target.pointer.label


def test_a_second_address_of_a_silent_server_is_no_hedge():
    book, made, first = walk()
    assert first.url.path == "/1" and beside(made, [first]) == "B"
    assert made.next(0).url.path == "/2", "it is left for the walk"


def test_the_unwell_and_those_without_room_are_no_hedge():
    book, made, first = walk()
    assert beside(made, [first], lambda url: url.host != "b") == "C"
    book, made, first = walk()
    book.health(book.of("services")[2].url).bad("refused", 0)
    assert beside(made, [first]) == "C" and beside(made, [first]) is None
