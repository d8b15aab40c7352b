"""core/pointers.py: which server is asked, in which order."""

from phone import config
from phone.core.pointers import Book
from phone.wire.url import split

RAW = {
    "homes": [
        {"name": "A", "pointers": {"services": ["http://a1/", "http://a2/"]}},
        {"name": "B", "pointers": {"services": "http://b/"}},
        {"name": "C", "pointers": {"services": "http://c/", "directory": "http://c/d"}},
    ],
    "backups": {"services": ["http://x/", "http://y/"]},
    "timers": {"rest_ms": 1000},
}


def book(home=0):
    made = Book(config.check(RAW)[0])
    made.home = home
    return made


def hosts(pointers):
    return [pointer.url.host for pointer in pointers]


def test_the_order_is_home_then_other_homes_then_backups():
    assert hosts(book().order("services", 0)) == ["a1", "a2", "b", "c", "x", "y"]
    assert hosts(book(1).order("services", 0)) == ["b", "a1", "a2", "c", "x", "y"]
    assert hosts(book().order("directory", 0)) == ["c"]
    assert book().order("messages", 0) == []


def test_unwell_sites_come_last_until_they_are_seen_to_answer():
    made = book()
    sick = made.health(made.of("services")[0].url)
    sick.bad("refused", 0)
    made.health(made.of("services")[2].url).bad("silent", 1)
    assert hosts(made.order("services", 10**9)) == ["a2", "c", "x", "y", "a1", "b"]
    sick.good("answers", 5, 1)
    sick.good("answers", 6, 1)
    assert hosts(made.order("services", 7)) == ["a1", "a2", "c", "x", "y", "b"]


def test_a_site_that_asked_us_to_wait_is_left_out():
    made = book()
    made.health(made.of("services")[0].url).bad("busy", 0, 5000)
    assert hosts(made.order("services", 4999)) == ["a2", "b", "c", "x", "y"]
    assert hosts(made.order("services", 5000))[-1] == "a1"


def test_health_belongs_to_the_site():
    made = book()
    made.health(made.of("directory")[0].url).bad("silent", 0)
    assert hosts(made.order("services", 1))[-1] == "c"


def test_of_unwell_sites_the_one_that_failed_longest_ago_is_asked_first():
    made = book()
    for number, ms in ((0, 50), (2, 20), (3, 40)):
        made.health(made.of("services")[number].url).bad("silent", ms)
    assert hosts(made.order("services", 100)) == ["a2", "x", "y", "b", "c", "a1"]


def test_who_serves_next_is_the_first_that_is_well():
    made = book()
    assert made.serving(0).label == "A"
    for pointer in made.of("services")[:2]:
        made.health(pointer.url).bad("silent", 0)
    assert made.serving(0).label == "B"
    for pointer in made.of("services"):
        made.health(pointer.url).bad("silent", 0)
    assert made.serving(0) is None


def test_watched_are_the_site_in_use_and_the_next_two():
    made = book()
    assert hosts(made.watched(0)) == ["a1", "a2", "b"]
    for pointer in made.of("services")[:2]:
        made.health(pointer.url).bad("silent", 0)
    assert hosts(made.watched(0)) == ["b", "a1", "a2"], "who is unwell must be seen to come back"
    for pointer in made.of("services"):
        made.health(pointer.url).bad("silent", 0)
    assert hosts(made.watched(0)) == ["a1", "a2", "b"]


def test_a_link_to_an_unwell_site_goes_to_the_one_in_use():
    made = book()
    a1 = made.at("services", split("http://a1/x"))
    assert a1.url.host == "a1" and made.instead("services", a1, 0) is None
    made.health(a1.url).bad("silent", 0)
    assert made.instead("services", a1, 1).url.host == "a2"
    assert made.at("services", split("http://third.example/x")) is None
    assert made.at("messages", split("http://c/x")).service == "services", "another service's"
    assert made.at("directory", split("http://c/x")).service == "directory"


def test_a_backup_is_called_by_its_host():
    assert [pointer.label for pointer in book().of("services")] == ["A", "A", "B", "C", "x", "y"]


def test_what_is_known_of_strangers_is_bounded():
    made = book()
    for number in range(100):
        made.health(split("http://s%d/" % number)).bad("busy", 0, 5000)
        assert not made.may_ask(split("http://s%d/x" % number), 1)
    made.health(made.pointers[0].url).bad("silent", 0)
    for number in range(100):
        made.health(split("http://t%d/" % number))
    assert not made.health(made.pointers[0].url).well and len(made._health) < 30
