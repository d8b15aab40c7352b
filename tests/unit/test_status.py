"""status.py, registered.py: what every screen says beside its page, and where the phone is registered."""

from phone.config import check
from phone.core.pointers import Book
from phone.core.wall import Wall
from phone.phrases import phrase, plain
from phone.registered import Registered
from phone.status import StatusLine

SERVICES = {"services": "http://a/"}


class Manager:
    def __init__(self, label, number):
        self.label, self.number = label, number
        self.well = None
        self.refusals = 0


class Managers:
    def __init__(self):
        self.list = [Manager("A", 0), Manager("B", 1)]
        self.home = self.list[0]
        self.registered = False


class Theme:
    compact = False


class Small(Theme):
    compact = True


class Stack:
    """The idle screen is on top."""

    depth = 0

    class top:
        context = None


def made(pointers=SERVICES, theme=Theme):
    book = Book(check({"homes": [{"name": "A", "pointers": pointers}]})[0])
    line, managers = StatusLine("Ward 3", book, Wall(), plain), Managers()
    line.registered = Registered(managers, book, theme.compact)
    return line, managers, book


def says(line, up=True):
    return line.now(Stack, up, 1000).home


def test_without_call_managers_it_is_as_it_was():
    line, _, book = made()
    line.registered = None
    assert says(line) == "A is asked first" and not line.moved()
    book.pointers[0].health.good(phrase("answered"), 0)
    assert says(line) == "Served by A" and says(line, False) == "No network"
    book.pointers[0].health.bad(phrase("refused the connection"), 0)
    assert says(line) == "No server answers"


def test_who_is_not_registered_says_so_and_why():
    line, managers, _ = made()
    home, managers.home = managers.home, None
    assert says(line) == "Not registered", "it has not begun yet"
    managers.home = home
    assert says(line) == "Registering at A"
    managers.list[0].well = False
    managers.home = managers.list[1]
    assert says(line) == "Registering at B", "one is left that may answer"
    managers.list[1].well = False
    assert says(line) == "Not registered: no manager answers"
    assert says(line, False) == "No network", "which is why"
    managers.home.refusals = 1
    assert says(line) == "Not registered: B refuses"
    managers.registered = True
    assert says(line) == "A is asked first"


def test_a_small_display_has_no_room_for_the_reason():
    line, managers, _ = made(theme=Small)
    for manager in managers.list:
        manager.well = False
    assert says(line) == "Not registered"


def test_a_phone_without_services_says_where_it_is_registered():
    line, managers, _ = made({})
    managers.registered = True
    assert says(line) == "Registered at A" and line.now(Stack, True, 0).mark == "\u25cf"
    managers.home = managers.list[1]
    status = line.now(Stack, True, 0)
    assert (status.home, status.mark, status.label) == ("Registered at B", "\u25b2", "B"), "a backup"


def test_it_notices_once_that_the_registration_moved():
    line, managers, _ = made()
    assert line.moved() and not line.moved()
    managers.registered = True
    assert line.moved() and not line.moved()
    managers.home = managers.list[1]
    assert line.moved() and not line.moved()
