"""Hostile wards: what an attack on the phone found, and what must not come back, one rule a test.

Commands that must not be given twice, probes that tell half the truth, redirects to the dead, names with
more than one address, strangers who crowd out our own servers. Times are virtual ms, as in test_walk.py.
"""

import sys

import pytest

from phone import events
from tests.story.sites import MENU, TEXT, menu
from tests.story.test_never_waits import CALM, HOUR, PROBE, row, secure
from tests.story.test_walk import NEAR, PACE_MAX, PACE_MIN, PRIMARY, PROMISE, named, scene
from tests.story.world import World, homes

MINUTE = 60000
GATHER = 1000  # ms in which a second digit of a menu may follow
SHAKEN = CALM + 80 + 4 * NEAR  # a page over a new TLS connection: the key is released 80 ms after its press


def first_asked(phone):
    """Whom the next press of a key begins with: a server that is taken for well, if there is one."""
    phone.press("services")
    return phone.went("key")[-1]


def times(phone, count, every, words="Services of"):
    """How long each of so many presses took."""
    took = []
    for _ in range(count):
        phone.press("services")
        took.append(phone.wait_for(words, within=PROMISE))
        phone.world.run(every)
    return took


def secure_and_plain():
    """A over https, and B, plain; no phone yet."""
    world, a, raw = secure("A")
    b = world.site("B")
    raw["homes"].append({"name": "B", "pointers": {"services": b.url()}})
    return world, a, b, raw


# --- commands -------------------------------------------------------------------------------------------


def three_of_which_one_is_safe(safe, link):
    """A, B and C, of which the links of one are safe; A's first page has the link, and is on screen."""
    world = World()
    sites = [world.site(name) for name in "ABC"]
    raw = homes(*sites)
    home = raw["homes"]["ABC".index(safe)]
    home["pointers"] = {"services": {"url": home["pointers"]["services"], "safe": True}}
    sites[0].pages[MENU] = menu("Services of A", ("Dial", link))
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    return world, sites, phone


def commands(sites):
    """Which links were sent, and to whom."""
    return [(site.name, sent[4:]) for site in sites for sent in site.sent if MENU not in sent]


@pytest.mark.parametrize("how", [("status", 500), ("cut", 20), ("cut", -1), ("silent",)], ids=str)
def test_a_command_that_is_redirected_to_a_safe_site_is_given_once(how):
    world, sites, phone = three_of_which_one_is_safe("B", "dial?n=1")
    a, b, _ = sites
    a.redirect(b.url("/other?cmd=1"))
    getattr(b, how[0])(*how[1:])
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    world.run(MINUTE)
    assert commands(sites) == [("A", "/dial?n=1"), ("B", "/other?cmd=1")]


def test_a_command_that_a_person_gives_again_is_given_once_more():
    world, sites, phone = three_of_which_one_is_safe("B", "dial?n=1")
    a, b, _ = sites
    a.redirect(b.url("/other?cmd=1"))
    b.status(500)
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    b.cut(-1)  # closes the connection that it has kept
    phone.softkey("Again")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    world.run(MINUTE)
    assert commands(sites) == [("A", "/dial?n=1")] + 2 * [("B", "/other?cmd=1")]


def test_a_link_on_an_unsafe_page_is_a_command_also_where_it_leads_to_a_safe_site():
    world, sites, phone = three_of_which_one_is_safe("B", "http://10.0.0.2/dial?n=1")
    sites[1].status(500)
    phone.press("1")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    world.run(MINUTE)
    assert commands(sites) == [("B", "/dial?n=1")]


def test_a_link_on_a_safe_page_walks_also_where_it_leads_to_another_site():
    world, sites, phone = three_of_which_one_is_safe("A", "http://10.0.0.2/news.xml")
    sites[1].status(500)
    phone.press("1")
    phone.wait_for("The canteen at", within=2 * NEAR)
    assert phone.went("link") == ["B"] and len(phone.went("walk")) == 1


def test_a_redirect_is_no_move():
    """The page that a server has put elsewhere is missing there: that is the answer, and no other page."""
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Services of A", ("Own", "own.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.redirect(b.url("/nothing.xml"))
    phone.press("1")
    phone.wait_for("no such page (404)", within=2 * NEAR)
    world.run(1000)
    assert phone.screen.title == "Own" and b.sent == ["GET /nothing.xml"]


# --- who is blamed, and who is not -------------------------------------------------------------------------


def test_with_a_short_patience_a_dead_primary_costs_one_press():
    world, a, b, raw = secure_and_plain()
    raw["timers"] = {"patience_ms": PACE_MAX}
    phone = world.phone(config=raw)
    a.silent()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PACE_MAX + NEAR)
    world.run(MINUTE)
    assert max(times(phone, 10, MINUTE, "Services of B")) <= NEAR


def test_who_was_silent_until_patience_ended_is_not_asked_first_again():
    """No second TLS connection, so no hedge, and a deadline that is longer than patience."""
    world, a, b, raw = secure("A", "B")
    raw["timers"] = {"first_byte_ms": 10000, "request_ms": 30000}
    phone = world.phone(config=raw)
    a.silent()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    phone.press("services")
    phone.wait_for("Services of B", within=SHAKEN)


def test_a_handshake_under_way_is_given_its_time_also_where_another_server_wins():
    world = World()
    a, b, c = world.site("A"), world.site("B", port=443), world.site("C")
    b.certificate = "b.example"
    world.names.table["b.example"] = [b.host]
    raw = homes(a, b, c)
    raw["homes"][1]["pointers"] = {"services": "https://b.example/menu.xml"}
    phone = world.phone(config=raw)
    b.latency = (90, 90)
    a.late(600)
    phone.press("services")
    phone.wait_for("Services of A", within=PACE_MAX)
    assert phone.went("hedge") == ["B"]
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=PACE_MAX)


def test_keys_that_put_off_a_handshake_are_not_the_servers_fault():
    world, a, b, raw = secure_and_plain()
    phone = world.phone(config=raw)
    phone.press("services")
    for _ in range(25):
        phone.press("down")
        world.run(100)
    world.run(3000)
    assert first_asked(phone) == "A"


def test_a_redirect_to_a_healthy_site_blames_nobody():
    world, a, b, phone = scene()
    a.redirect(b.url())
    assert max(times(phone, 5, MINUTE, "Services of B")) <= 2 * NEAR
    assert phone.went("key") == ["A"] * 5


@pytest.mark.parametrize("fault", ["silent", "blackhole", "refuse"])
def test_a_redirect_to_a_dead_server_is_paid_for_once(fault):
    world, a, b, phone = scene()
    a.latency = (20, 20)  # so the redirect takes a part of the wait for A
    dead = world.site("dead")
    getattr(dead, fault)()
    a.redirect(dead.url())
    took = times(phone, 3, 1000, "Services of B")
    assert max(took[1:]) <= NEAR, took
    world.run(MINUTE)  # A itself was seen to answer
    assert max(times(phone, 3, MINUTE, "Services of B")) <= 2 * PACE_MIN


def test_who_is_silent_after_a_redirect_is_not_asked_beside_itself():
    world, (a, b, c), phone = row(3)
    a.redirect(b.url())
    b.silent()
    phone.press("services")
    phone.wait_for("Services of C", within=PACE_MIN + NEAR)
    assert b.sent == ["GET /menu.xml"]


# --- probes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["silent", "not trusted"])
def test_a_probe_of_an_unwell_site_shakes_hands(fault):
    """A TCP connect says nothing of a server that is silent after it."""
    world, a, b, raw = secure_and_plain()
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=SHAKEN)
    world.run(20000)
    if fault == "silent":
        a.silent()
    else:
        a.certificate = "wrong.example"
    took = times(phone, 10, MINUTE, "Services of B")
    assert max(took[1:]) <= NEAR, took
    a.well()
    a.certificate = "a.example"
    world.run(2 * 300000)
    phone.press("services")
    phone.wait_for("Services of A", within=SHAKEN)


# --- names -------------------------------------------------------------------------------------------------


def test_a_probe_that_connects_does_not_turn_the_addresses_of_a_name():
    world, a, b, raw = secure_and_plain()
    dead = world.site("dead", port=443)
    dead.blackhole()
    world.names.table["a.example"] = [a.host, dead.host]
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=SHAKEN)
    world.run(3 * PROBE // 2)
    assert max(times(phone, 6, PROBE + 2000, "Services of A")) <= SHAKEN
    assert not dead.connects


def test_who_is_not_waited_for_does_not_turn_the_addresses_of_a_name():
    world, a, b, phone = named()
    dead = world.site("dead")
    dead.blackhole()
    world.names.table["pages.example"] = [a.host, dead.host]
    a.latency = (30, 30)
    phone.press("services", held=10)
    world.run(40)
    phone.press("services", held=10)  # as people do
    phone.wait_for("Services of A", within=PACE_MIN)
    assert not dead.connects


@pytest.mark.parametrize("how", ["refuse", "unreachable"])
def test_a_name_of_which_one_address_refuses_gives_its_page_at_once(how):
    world = World()
    a, dead = world.site("A"), world.site("dead")
    getattr(dead, how)()
    raw = homes(a)
    raw["homes"][0]["pointers"] = {"services": "http://a.example/menu.xml"}
    world.names.table["a.example"] = [dead.host, a.host]
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    assert phone.screen.mark == PRIMARY


def test_strangers_names_do_not_push_out_those_of_the_configuration():
    world = World()
    a = world.site("A")
    raw = homes(a, timers={"probe_ms": HOUR})
    raw["homes"][0]["pointers"] = {"services": "http://a.example/menu.xml"}
    strangers = ["x%d.example" % number for number in range(20)]
    world.names.table.update({name: [a.host] for name in ["a.example", *strangers]})
    a.pages[MENU] = menu("Services of A", *[(name, "http://%s/news.xml" % name) for name in strangers])
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    world.run(MINUTE + 1000)  # the address of A has served its time
    for number in range(1, 21):
        phone.press(*"%02d" % number)
        phone.wait_for("The canteen", within=GATHER + 2 * NEAR)
        phone.press("back")
    world.names.mode = "silent"
    phone.press("services")
    phone.wait_for("Services of A", within=PROMISE)


# --- wishes -------------------------------------------------------------------------------------------------


def test_a_strangers_wish_outlives_the_visit_of_many_others():
    world = World()
    a = world.site("A")
    strangers = [world.site("X%d" % number) for number in range(14)]
    a.pages[MENU] = menu("Services of A", *[(x.name, x.url(TEXT)) for x in strangers])
    phone = world.phone(a)
    shy = strangers[0]
    shy.status(503, {"Retry-After": "3600"})
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    for number in range(1, 15):
        phone.press(*"%02d" % number)
        phone.wait_for("is busy" if number == 1 else "The canteen", within=GATHER + NEAR)
        phone.press("back")
    phone.press("1")
    phone.wait_for("asked not to be asked again", within=GATHER + NEAR)
    assert len(shy.requests) == 1


def test_a_shorter_wish_does_not_shorten_a_longer_one():
    """A is asked twice at once, since B redirects to it; what it says last is not what it says longest."""
    world, a, b, phone = scene()
    b.redirect(a.url())
    answers = [(700, "20"), (100, "3600")]

    def busy(site, request):
        wait, wish = answers[len(site.sent) - 1]
        yield wait
        yield from site.answer(request, 503, b"busy", {"Retry-After": wish})

    a.script = busy
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert len(a.requests) == 2
    world.run(20 * MINUTE)
    assert len(a.requests) == 2


# --- many servers, all of them ill --------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_where_all_are_unwell_the_one_that_came_back_is_found_in_time(count):
    world, sites, phone = row(count)
    for site in sites:
        site.silent()
    for _ in range(4):
        phone.press("services")
        phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    last = [label for _, label, _, _, _, _, word in phone.asked if word == "failed"][-1]
    sites["ABCDE".index(last)].well()  # who failed last is asked last
    phone.press("services")
    phone.wait_for("Services of " + last, within=PROMISE)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_servers_that_drip_do_not_eat_up_patience_where_no_hedge_is_left(count):
    world, sites, phone = row(count)
    for _ in range(3):  # the bucket holds three hedges
        sites[0].silent()
        phone.press("services")
        phone.wait_for("Services of B", within=PACE_MIN + NEAR)
        sites[0].well()
        world.run(MINUTE)  # it is seen to answer again
    assert len(phone.went("hedge")) == 3
    for site in sites[:-1]:
        site.slow(1)
    phone.press("services")
    phone.wait_for("Services of", within=PROMISE)
    assert len(phone.went("hedge")) == 3


def crowd(homes_of, urls_of):
    """A world with so many homes and URLs of each, every one on a site that refuses, and its phone."""
    world = World()
    raw = homes()
    sites = []
    for number in range(homes_of):
        here = [world.site("S%d" % number, "10.1.%d.%d" % (number, one)) for one in range(urls_of)]
        raw["homes"].append({"name": "H%d" % number, "pointers": {"services": [site.url() for site in here]}})
        sites += here
    for site in sites:
        site.refuse()
    return world, sites, world.phone(config=raw)


def test_a_crowd_that_refuses_is_asked_to_the_last_in_time():
    world, sites, phone = crowd(16, 8)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert [len(site.connects) for site in sites] == [1] * 128
    sites[-1].well()
    phone.press("services")
    phone.wait_for("Services of S15", within=PROMISE)


def test_choosing_among_four_times_as_many_servers_takes_about_four_times_as_long():
    """Counted in calls, which no busy machine makes more; four times as many in a square are sixteen."""

    def calls(homes_of):
        world, sites, phone = crowd(homes_of, 8)
        phone.press("services")
        phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)  # all are unwell now
        made = []
        sys.setprofile(lambda frame, event, _: event == "call" and made.append(1))
        phone.press("services")
        sys.setprofile(None)
        return len(made)

    few, many = calls(4), calls(16)
    assert many < 8 * few, (few, many)


# --- connections -----------------------------------------------------------------------------------------


def redirected_to_a_second_tls_connection():
    """A over https is silent, and B beside it redirects to C, over https too; the key is pressed."""
    world, a, c, raw = secure("A", "C")
    b = world.site("B")
    raw["homes"][1] = {"name": "B", "pointers": {"services": b.url()}}
    b.redirect("https://c.example/menu.xml")
    phone = world.phone(config=raw)
    a.silent()
    phone.press("services")
    return world, c, phone


def test_never_two_tls_connections_also_through_a_redirect():
    world, c, phone = redirected_to_a_second_tls_connection()
    for _ in range(PROMISE // 10):
        world.run(10)
        assert len([one for one in phone._connections.values() if one.tls]) <= 1
    assert phone.went("hedge", "walk") == ["B"] and not phone.screen.busy


def test_a_redirect_to_a_second_tls_connection_waits_for_its_turn():
    """C is healthy, and there is room for it as soon as A is given up; no server is to blame for the wait."""
    world, c, phone = redirected_to_a_second_tls_connection()
    phone.wait_for("Services of C", within=PROMISE)
    assert first_asked(phone) == "B"


def test_a_service_that_a_kept_connection_is_too_old_for_is_asked_for_again():
    """408 is for the idle time of the connection (RFC 9110 section 15.5.9), not for the request."""
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    left = [408]

    def script(site, request):
        code = left.pop() if left else None
        return site.answer(request, code, b"" if code else None, {"Connection": "close"})

    a.script = script
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    assert len(a.connects) == 2 and not b.sent


def test_no_connection_outlives_the_address_of_the_phone():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.feed(events.Link(True, "10.9.9.9", (world.names.host,), None))
    world.run(100)
    assert not a.connections
    phone.press("1")
    phone.wait_for("The canteen at A", within=NEAR)


def test_after_a_cut_page_a_backups_404_does_not_end_the_race():
    """A breaks off in the middle of its page, and is asked once more, while B says that it has none."""
    world, a, b, phone = scene()

    def script(site, request):
        head, body = site.message(request)
        if len(site.sent) == 1:
            yield PACE_MIN + 50
            yield head + body[:40]
            yield "end"
        else:
            yield 200
            yield from site.answer(request)

    a.script = script
    b.script = lambda site, request: iter([150, *site.answer(request, 404, b"")])
    phone.press("services")
    phone.wait_for("Services of A", within=PACE_MAX)
    assert phone.went("hedge") == ["B"] and phone.went("again") == ["A"]


def test_a_datagram_that_nobody_waits_for_comes_while_a_page_is_asked_for(world):
    """At the socket for names and time: a late answer, or a forged one."""
    a, b = world.site("A"), world.site("B")
    phone = world.phone(a, b)
    a.late(300)
    phone.press("services")
    world.run(100)
    for data in (b"", b"x" * 48, b"SIP/2.0 200 OK\r\n\r\n"):
        phone.datagram(data, ("10.0.0.77", 123), 0)
    phone.wait_for("Services of")
