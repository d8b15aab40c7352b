"""The cache: which answers are kept, for how long they serve, and what goes when there is no room."""

from phone import rare
from phone.core.cache import AHEAD, EVER, INSTEAD, PLAIN, Cache, Copy, may_stand, weight
from phone.core.result import Context
from phone.core.terms import terms
from phone.records import WHOLE, Error, Menu, Text, Unshown, menu_item
from phone.wire import url as urls

DATE = b"Sun, 22 Nov 2026 09:41:00 GMT"
LATER = b"Sun, 22 Nov 2026 10:41:00 GMT"
CLOCK = 1795340460  # DATE in unix seconds


def menu(count, name="item"):
    return Menu("M", "", tuple([menu_item("%s %d" % (name, i), "u") for i in range(count)]), (), WHOLE)


def copy(path, record, at=0, walks=True, service="services", how=PLAIN):
    url = urls.split("http://a" + path)
    return Copy(url, Context(service, None, url, walks, True, False, None), record, at, *how)


def said(text, **more):
    fields = {b"cache-control": text} if text is not None else {}
    for name in more:
        fields[name.encode()] = more[name]
    return terms(fields, None)


def test_a_server_that_says_nothing():
    assert said(None) == (PLAIN, 0)
    assert said(b"private, public, max-stale, x=1, ,") == (PLAIN, 0)


def test_what_must_not_be_kept():
    for text in (b"no-store", b"No-Cache", b"max-age=60, no-store", b'no-cache="Set-Cookie, X"',
                 b"private,no-cache", b"must-revalidate", b"max-age=0, must-revalidate",
                 b"max-age=0,stale-while-revalidate=0,stale-if-error=0"):
        assert said(text)[0] is None, text


def test_times_that_the_server_sets():
    assert said(b"max-age=60") == ((60, EVER, EVER), 0)
    assert said(b'MAX-AGE="60" , Stale-While-Revalidate=30,stale-if-error = 600') == ((60, 30, 600), 0)
    assert said(b"stale-while-revalidate=0") == ((0, 0, EVER), 0)
    assert said(b"max-age=60, must-revalidate, stale-if-error=600") == ((60, 0, 0), 0)
    assert said(b"max-age=60, max-age=70")[0][0] == 60  # the first counts (RFC 9111 section 4.2.1)
    assert said(b"max-age=99999999999999999999")[0][0] == EVER
    for text in (b"max-age=", b"max-age", b"max-age=-1", b"max-age=1.5", b"max-age=soon", b"max-age=\xb2"):
        assert said(text) == (PLAIN, 0), text


def test_expires_counts_by_the_clock_of_who_says_it():
    assert said(None, expires=LATER, date=DATE)[0] == (3600, EVER, EVER)
    assert terms({b"expires": LATER}, CLOCK)[0][0] == 3600
    assert said(None, expires=LATER)[0] == PLAIN  # nobody knows the time
    assert said(b"max-age=5", expires=LATER, date=DATE)[0][0] == 5
    for text in (b"0", b"-1", b"", DATE, b"never", b"Thu, 01 Jan 1970 00:00:00 GMT"):
        assert said(None, expires=text, date=DATE)[0] == PLAIN, text


def test_age_is_what_it_had_on_the_way():
    assert said(b"max-age=60", age=b"45") == ((60, EVER, EVER), 45)
    assert said(b"max-age=60", age=b"old")[1] == 0


def test_fresh_and_stale():
    page = copy("/x", menu(1), how=(60, 30, 600))
    assert may_stand(page, 59, 0) and not may_stand(page, 60, 0) and not may_stand(page, None, 0)
    assert (page[AHEAD], page[INSTEAD]) == (page.ahead, page.instead)
    assert may_stand(page, 89, page.ahead) and not may_stand(page, 90, page.ahead)
    assert may_stand(page, 659, page.instead) and not may_stand(page, 660, page.instead)
    assert not may_stand(page, None, 30) and may_stand(page, None, EVER)


def test_the_same_page_is_in_memory_once():
    cache = Cache(100)
    first, second = menu(3), menu(3)
    assert first is not second
    assert cache.keep(copy("/x", first)) is first
    assert cache.keep(copy("/x", second, at=9)) is first
    found = cache.find(urls.split("http://a/x"))
    assert found.record is first and found.at == 9
    other = menu(4)
    assert cache.keep(copy("/x", other)) is other and len(cache.of("services")) == 1


def test_no_forms_no_errors_and_nothing_empty():
    empty = Text("T", "", (), (), WHOLE)
    form = rare.Input("T", "", "u", False, (), (), WHOLE)
    window = rare.Status("On call", -1, 0, 0, None, "", WHOLE)
    commands = rare.Execute((rare.Command(0, "u"),), WHOLE)
    error, unshown = Error("4", "No", WHOLE), Unshown("x", "why", WHOLE)
    for record in (error, unshown, menu(0), empty, form, window, commands):
        cache = Cache(100)
        assert weight(record) == 0 and cache.keep(copy("/x", record)) is record
        assert not cache.of("services")
    assert weight(menu(7)) == 7 and weight(Text("T", "", ("x" * 640, ""), (), WHOLE)) == 12
    assert weight(rare.Directory("T", "", ("a\x001",) * 3, (), WHOLE)) == 3
    icon = rare.Icon(1, "", rare.Picture(16, 10, (b"x" * 40,)))
    assert weight(rare.IconMenu("T", "", ("a\0u\x001",) * 3, (icon,), (), WHOLE)) == 4


def test_a_copy_can_be_dropped():
    cache = Cache(100)
    record = cache.keep(copy("/x", menu(3)))
    assert cache.drop(urls.split("http://a/x")).record is record
    assert cache.drop(urls.split("http://a/x")) is None and not cache.of("services")


def test_an_error_leaves_the_last_good_page_where_it_is():
    cache = Cache(100)
    record = cache.keep(copy("/x", menu(3)))
    for other in (Error("4", "No", WHOLE), menu(0)):
        assert cache.keep(copy("/x", other)) is other
    assert cache.find(urls.split("http://a/x")).record is record


def paths(cache, service="services"):
    return sorted([kept.asked.path for kept in cache.of(service)])


def test_links_go_before_entry_pages_and_the_oldest_first():
    cache = Cache(10)
    for path, walks in (("/entry", True), ("/link1", False), ("/link2", False)):
        cache.keep(copy(path, menu(3), walks=walks))
    cache.keep(copy("/link1", menu(3), walks=False))
    cache.keep(copy("/link3", menu(3), walks=False))
    assert paths(cache) == ["/entry", "/link1", "/link3"]
    cache.keep(copy("/entry2", menu(7)))
    assert paths(cache) == ["/entry", "/entry2"]
    cache.keep(copy("/entry3", menu(3)))
    assert paths(cache) == ["/entry2", "/entry3"]


def test_what_is_larger_than_all_stands_alone_until_the_next():
    cache = Cache(10)
    cache.keep(copy("/x", menu(3)))
    heavy = Menu("M", "", (menu_item("n", "u" * 700),), (), WHOLE)
    assert cache.keep(copy("/y", heavy)) is heavy and paths(cache) == ["/y"]
    cache.keep(copy("/x", menu(3), walks=False))
    assert paths(cache) == ["/x"]


def test_the_newest_comes_first_and_the_one_of_unknown_age_last():
    cache = Cache(100)
    for path, at in (("/old", -50), ("/new", 70), ("/unknown", None), ("/mid", 0)):
        cache.keep(copy(path, menu(1), at))
    cache.keep(copy("/else", menu(1), 99, service="directory"))
    assert [kept.asked.path for kept in cache.of("services")] == ["/new", "/mid", "/old", "/unknown"]
    cache.keep(copy("/newer", menu(1), 70))
    assert cache.of("services")[0].asked.path == "/newer"
