"""core/net.py: connections within the socket budget, kept open and found again."""

from phone.config import check
from phone.core.journal import Journal
from phone.core.net import IDLE_MAX, KEEP_MS, SOCKETS_MAX, Net
from phone.events import Close, Closed, Open
from phone.wire.url import Url, split

A, B, C = [split("http://10.0.0.%d/" % last) for last in (1, 2, 3)]
RAW = {"homes": [{"pointers": {"services": "http://10.0.0.1/"}}]}


def net(tls_max=1):
    return Net(check(RAW)[0], None, Journal(), tls_max)


def opened(made, url):
    return made.open(url.host, url)[0]


def test_a_kept_connection_serves_the_same_site_only():
    made = net()
    conn, effects = made.open("10.0.0.1", A)
    assert effects == [Open(conn, ("10.0.0.1", 80), "")]
    assert made.keep(conn, 60000, 0) == []
    assert made.reuse(B) == 0 and made.reuse(split("http://10.0.0.1:81/")) == 0
    assert made.reuse(split("http://10.0.0.1/other?x")) == conn
    assert made.reuse(A) == 0, "one request at a time"
    assert made.close(conn) == [Close(conn)] and made.close(conn) == []


def test_an_idle_connection_is_closed_in_time_or_by_its_server():
    made = net()
    first, second = opened(made, A), opened(made, B)
    made.keep(first, 4000, 0)
    made.keep(second, 60000, 0)
    assert made.deadline() == 4000 and made.tick(3999) == []
    assert made.tick(4000) == [Close(first)] and made.reuse(A) == 0
    assert made.deadline() == KEEP_MS
    assert made.receive(Closed(second, "end"), 0) is None
    assert made.reuse(B) == 0 and made.deadline() is None and made.close(second) == []


def test_never_more_sockets_than_the_budget():
    made = net()
    conns = [opened(made, url) for url in (A, B, C)]
    for conn in conns[:2]:
        assert made.keep(conn, 60000, 0) == []
    assert made.keep(conns[2], 60000, 0) == [Close(conns[0])] and IDLE_MAX == 2
    one, effects = made.open("10.0.0.4", split("http://10.0.0.4/"))
    assert effects == [Open(one, ("10.0.0.4", 80), "")]
    two, effects = made.open("10.0.0.5", split("http://10.0.0.5/"))
    assert effects[0] == Close(conns[1]) and SOCKETS_MAX == 3
    assert made.has_room(A) is True
    opened(made, split("http://10.0.0.6/"))
    assert made.has_room(A) is False


def test_a_small_board_has_room_for_one_tls_connection():
    secure = Url("https", "h", 443, "/")
    made = net()
    conn, effects = made.open("10.0.0.1", secure)
    assert effects == [Open(conn, ("10.0.0.1", 443), "h")]
    assert not made.has_room(secure) and made.has_room(A) and net(2).has_room(secure)
    made.keep(conn, 60000, 0)
    assert made.has_room(secure)
    other, effects = made.open("10.0.0.2", Url("https", "i", 443, "/"))
    assert effects[0] == Close(conn), "an idle one goes first"
    assert made.close_all() == [Close(conn), Close(other)], "what was closed in a feed that broke off, again"
    assert made.tick(0) == [] and made.close_all() == [] and made.has_room(secure)
