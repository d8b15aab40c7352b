"""core/pointers.py: which server is asked, in which order."""

from phone import config
from phone.core.learned import Taught
from phone.core.pointers import KEEPALIVE, PUSH, Book
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


def told(source, *names, service="services"):
    return [Taught(service, "http://%s/" % name, source, 1000, 0, 0, False) for name in names]


def test_pushed_come_first_then_the_homes_own_then_what_keep_alives_told():
    made = book()
    made.teach(KEEPALIVE, told(KEEPALIVE, "k1", "k2"))
    made.teach(PUSH, told(PUSH, "p2", "p1"))
    assert hosts(made.of("services")) == ["p2", "p1", "a1", "a2", "k1", "k2", "b", "c", "x", "y"]
    made.home = 1
    assert hosts(made.of("services")) == ["p2", "p1", "b", "k1", "k2", "a1", "a2", "c", "x", "y"]
    made.home = 3  # a learned manager has no pointers of its own
    assert hosts(made.of("services")) == ["p2", "p1", "k1", "k2", "a1", "a2", "b", "c", "x", "y"]
    made.teach(PUSH, [])
    made.teach(KEEPALIVE, told(KEEPALIVE, "k3"))
    assert hosts(made.of("services")) == ["k3", "a1", "a2", "b", "c", "x", "y"], "a set replaces another"
    made.teach(KEEPALIVE, [])
    assert hosts(made.pointers) == hosts(book().pointers)


def test_a_backup_of_everything_backs_up_what_the_configuration_has():
    made = book()
    made.teach(KEEPALIVE, told(KEEPALIVE, "k", service=""))
    assert hosts(made.of("directory")) == ["k", "c"] and made.of("messages") == []
    bare = Book(config.check({"homes": [{"name": "A", "manager": "sip:10.0.0.1"}], "sip": {"user": "1"}})[0])
    bare.teach(KEEPALIVE, told(KEEPALIVE, "k", service=""))
    assert hosts(bare.of("services")) == ["k"] and bare.of("directory") == []


def test_what_is_told_twice_counts_where_it_comes_first():
    made = book()
    made.teach(KEEPALIVE, told(KEEPALIVE, "c", "k", "x"))
    assert hosts(made.of("services")) == ["a1", "a2", "c", "k", "x", "b", "y"]
    made.teach(PUSH, told(PUSH, "k", "a2"))
    assert hosts(made.of("services")) == ["k", "a2", "a1", "c", "x", "b", "y"]
    assert hosts(made.of("directory")) == ["c"]


def test_a_told_server_has_the_name_and_the_home_that_the_configuration_gives_it():
    made = book()
    made.teach(PUSH, told(PUSH, "b/other", "z"))
    assert [(p.label, p.home) for p in made.of("services")[:2]] == [("B", 1), ("z", -1)]
    assert hosts(made._by_home(made.of("services")))[2] == "a1", "it is no pointer of the home's own"


def test_who_tells_other_sites_each_time_fills_nothing():
    made = book()
    least = len(made._health)
    for number in range(200):
        made.teach(KEEPALIVE, told(KEEPALIVE, *["h%d-%d" % (number, n) for n in range(8)]))
        made.teach(PUSH, told(PUSH, *["p%d-%d" % (number, n) for n in range(8)]))
    assert len(made._health) == least + 16 and len(made._strangers) == 0
    sick = made.of("services")[8].health
    sick.bad("silent", 0)
    made.teach(KEEPALIVE, [])
    assert made.of("services")[8].health is sick, "what is known of the configuration's own stays"


def test_told_sites_leave_room_for_a_look_at_those_of_the_configuration():
    made = book()
    made.teach(PUSH, told(PUSH, "p1", "p2", "p3"))
    assert hosts(made.watched(0)) == ["p1", "p2", "a1"]
    for pointer in made.of("services")[:3]:
        pointer.health.bad("silent", 0)
    assert hosts(made.watched(0)) == ["a1", "p1", "a2"]
