"""Others have the phone show pages and press its keys: POST /CGI/Execute, as phones of others take it."""

from xml.sax.saxutils import quoteattr

import pytest

from tests.story.managers import Manager, configuration
from tests.story.sites import text
from tests.story.test_teaching import KEY, signed
from tests.story.test_walk import FIRST_BYTE, PROMISE
from tests.story.visitor import Visitor
from tests.story.world import World, homes

QUICK = 300  # ms in which an answer is made and taken
OK = "Success"
ALARM = "/alarm.xml"


def phone_of(world, *sites, **more):
    raw = homes(*sites)
    raw["push"] = {"port": 8080, "user": "eve", "password": "pass"}
    raw["push"].update(more.pop("push", {}))
    raw.update(more.pop("config", {}))
    for site in sites:
        site.pages[ALARM] = text("Alarm", "Everybody out, says %s." % site.name)
    return world.phone(config=raw, **more)


def answered(visitor, within=QUICK):
    visitor.phone.wait_for(lambda: visitor.whole, within=within)
    return visitor


def push(phone, *urls, **options):
    """The results of a push."""
    return answered(Visitor(phone).push(*urls, **options)).results


@pytest.fixture
def ward(world):
    """A phone and two servers, of which the first pushes."""
    world.a, world.b = world.site("A"), world.site("B")
    return phone_of(world, world.a, world.b)


# --- pages ------------------------------------------------------------------------------------------------


def test_a_pushed_page_is_shown(world, ward):
    url = world.a.url(ALARM)
    assert push(ward, url) == [("0", OK, url)]
    ward.wait_for("Everybody out, says A.", within=QUICK)
    assert ward.went("push") == ["A"] and ward.said("10.0.0.200 pushed http://10.0.0.1/alarm.xml.")
    assert ward.screen.label == "A"


def test_it_lies_over_the_page_that_was_there_and_back_leads_there(world, ward):
    ward.press("services")
    ward.wait_for("Services of A")
    push(ward, world.a.url(ALARM))
    ward.wait_for("Everybody out", within=QUICK)
    ward.press("back")
    assert "Services of A" in ward.text()


def test_links_of_a_pushed_page_work_and_go_to_its_server(world, ward):
    world.b.pages["/sub/list.xml"] = world.b.pages["/menu.xml"]
    world.b.pages["/sub/news.xml"] = text("Sub", "Below.")
    push(ward, world.b.url("/sub/list.xml"))
    ward.wait_for("Services of B", within=QUICK)
    ward.press("select")
    ward.wait_for("Below.")
    ward.press("back")
    ward.softkey("Exit")
    ward.press("services")
    ward.wait_for("Services of A")


def test_a_stranger_may_push_from_a_server_that_nobody_knows(world, ward):
    stranger = world.site("Stranger")
    stranger.pages[ALARM] = text("Strange", "From afar.")
    push(ward, stranger.url(ALARM))
    ward.wait_for("From afar.", within=QUICK)


def test_a_push_locks_no_key_and_its_silence_keeps_nobody_waiting(world, ward):
    stranger = world.site("Stranger")
    stranger.silent()
    push(ward, stranger.url(ALARM))
    ward.press("services")
    assert ward.wait_for("Services of A") < QUICK
    ward.press("select")
    ward.wait_for("canteen", within=QUICK)
    ward.wait_for("A page was pushed, but 10.0.0.3 takes the connection but", within=FIRST_BYTE)
    assert "canteen" in ward.text(), "a page that was read stays"


def test_a_page_that_is_not_there_is_told_in_a_line(world, ward):
    push(ward, world.a.url("/none.xml"))
    ward.wait_for("A page was pushed, but A has no such page (404).", within=QUICK)
    ward.press("services")
    ward.wait_for("Services of A")


def test_where_the_server_refuses_the_same_page_comes_from_the_next(world, ward):
    world.a.refuse()
    push(ward, world.a.url(ALARM))
    ward.wait_for("Everybody out, says B.", within=QUICK)


def test_what_a_person_waits_for_comes_first(world, ward):
    world.a.late(1000)
    ward.press("services")
    world.run(100)
    push(ward, world.b.url(ALARM))
    assert world.b.sent == []
    ward.wait_for("Everybody out, says B.", within=3000)
    ward.press("back")
    assert "Services of" in ward.text()


def test_a_page_that_comes_while_somebody_waits_is_held_back(world, ward):
    world.b.late(500)
    push(ward, world.b.url(ALARM))
    world.run(300)
    world.a.late(1000)
    ward.press("services")
    world.run(600)
    assert ward.screen.busy
    ward.wait_for("Everybody out", within=PROMISE)
    times = [at for at, said in ward.notes if "page from" in said or "pushed page is shown" in said]
    assert len(times) == 2 and times[1] - times[0] < 10, "it comes as soon as the other is there"
    ward.press("back")
    assert "Services of" in ward.text()


def test_over_tls_what_a_person_wants_goes_first(world):
    a, slow = world.site("A", port=443), world.site("Slow", port=443)
    a.certificate, slow.certificate = a.host, slow.host
    raw = {"homes": [{"name": "A", "pointers": {"services": "https://10.0.0.1/menu.xml"}}],
           "push": {"port": 8080, "user": "eve", "password": "pass"}}
    phone = world.phone(config=raw)
    slow.pages[ALARM] = text("Alarm", "Everybody out.")
    slow.late(2000)
    push(phone, "https://10.0.0.2" + ALARM)
    world.run(500)
    phone.press("services")
    assert phone.wait_for("Services of A") < 1500, "a board has room for one handshake"
    phone.wait_for("Everybody out.", within=PROMISE)
    phone.press("back")
    assert "Services of A" in phone.text()


def test_what_may_have_been_a_command_goes_to_no_other_server(world, ward):
    world.a.status(500)
    push(ward, world.a.url(ALARM))
    ward.wait_for("A page was pushed, but A answered with error 500.", within=QUICK)
    assert not world.b.sent
    assert ward.agent._book.pointers[0].health.asked, "the phone remembers how that server was"


def test_who_is_urgent_goes_first(world, ward):
    world.a.pages["/later.xml"] = text("Later", "When there is time.")
    world.a.pages["/last.xml"] = text("Last", "When nothing else is there.")
    ward.press("directory")
    ward.wait_for("People of A")
    ward.softkey("Search")
    push(ward, world.a.url("/later.xml"), priority=1)
    push(ward, world.a.url(ALARM))
    push(ward, world.a.url("/last.xml"), priority=1)
    ward.press("back")
    for words in ("Everybody out", "When there is time.", "When nothing else"):
        ward.wait_for(words, within=QUICK)
        ward.softkey("Exit")


def test_nothing_takes_a_form_away(world, ward):
    ward.press("directory")
    ward.wait_for("People of A")
    ward.softkey("Search")
    ward.press("2")
    form = ward.text()
    assert push(ward, world.a.url(ALARM)) == [("0", OK, world.a.url(ALARM))]
    world.run(3000)
    assert ward.screen.prompt == "A page was pushed. It comes when nothing is typed any more."
    assert ward.screen.rows and "Ada" in ward.text(), form
    assert push(ward, "Key:Services") == [("6", "Something is being typed.", "Key:Services")]
    ward.press("back")  # takes the digit off
    world.run(1000)
    assert "Everybody" not in ward.text()
    ward.press("back")
    ward.wait_for("Everybody out", within=QUICK)


def test_priorities(world, ward):
    url = world.a.url(ALARM)
    ward.press("services")
    ward.wait_for("Services of A")
    assert push(ward, url, priority=2) == [("6", "The phone is in use.", url)]
    assert push(ward, url, priority=1) == [("0", OK, url)]
    world.run(50000)
    assert "Services of A" in ward.text()
    ward.press("down")
    world.run(59000)
    assert "Services of A" in ward.text(), "a key was pressed within the minute"
    ward.wait_for("Everybody out", within=2000)
    ward.softkey("Exit")
    assert push(ward, url, priority=2) == [("0", OK, url)], "nothing is on screen"
    ward.wait_for("Everybody out", within=QUICK)
    assert push(ward, url, priority=5) == [("1", "The priority is 0, 1 or 2.", url)]


def test_one_of_priority_1_comes_when_the_pages_are_left(world, ward):
    ward.press("services")
    ward.wait_for("Services of A")
    push(ward, world.a.url(ALARM), priority=1)
    world.run(5000)
    ward.press("down")
    ward.press("back")
    ward.wait_for("Everybody out", within=QUICK)


def test_what_waits_goes_after_an_hour_and_no_more_than_four_wait(world, ward):
    urls = [world.a.url("/%d.xml" % number) for number in range(5)]
    ward.press("directory")
    ward.wait_for("People of A")
    ward.softkey("Search")
    said = [push(ward, url, priority=1)[0] for url in urls]
    assert [result[0] for result in said] == ["0"] * 4 + ["6"] and "Too many" in said[4][1]
    world.run(3600000)
    assert len([1 for _, text in ward.notes if "no moment" in text]) == 4
    ward.press("back")
    ward.press("back")
    world.run(5000)
    assert not [sent for sent in world.a.sent if ".xml" in sent and "/0" in sent]


def test_the_network_goes_and_a_page_that_was_under_way_comes_later(world, ward):
    world.b.late(1500)
    push(ward, world.b.url(ALARM))
    world.run(500)
    ward.network(False)
    world.run(20000)
    assert "Everybody" not in ward.text()
    ward.network(True)
    ward.wait_for("Everybody out", within=5000)


# --- keys -------------------------------------------------------------------------------------------------


def test_keys_are_pressed(world, ward):
    assert push(ward, "Key:Services") == [("0", OK, "Key:Services")]
    ward.wait_for("Services of A", within=QUICK)
    assert push(ward, "Key:NavDwn", "Key:NavSelect") == [("0", OK, "Key:NavDwn"), ("0", OK, "Key:NavSelect")]
    ward.wait_for("People of A", within=QUICK)
    push(ward, "Key:NavBack")
    assert "Services of A" in ward.text()
    push(ward, "Key:KeyPad1")
    ward.wait_for("canteen", within=QUICK)
    push(ward, "SoftKey:Exit")
    assert ward.screen.kind == "idle"
    push(ward, "Init:Directories")
    ward.wait_for("People of A", within=QUICK)
    push(ward, "Key:Settings")
    assert "Network" in ward.text()


def test_what_this_phone_lacks_is_refused_with_a_status(world, ward):
    for uri in ("Key:Speaker", "Key:Line1", "Key:Soft5", "RTPRx:10.0.0.9:20480", "RTPTx:10.0.0.9:20480:5",
                "RTPMRx:239.0.0.1:20480", "RTPMTx:239.0.0.1:20480", "Init:CallHistory", "Vibrate:100:50:2",
                "Application:Cisco/MissedCalls", "Device:GeneratePRT", "UserData:1:0:0:9:x", "TFTP:a.png",
                "UserDataSoftKey:Select:1:0:0:9:x", "UserCallData:1:0:0:9:x", "Button:1"):  # fmt: skip
        assert push(ward, uri) == [("6", "This phone has no such thing.", uri)], uri
    assert push(ward, "SendDigits:12#:0")[0][:2] == ("6", "There is no call.")
    assert push(ward, "App:Close:0:60:x")[0][:2] == ("6", "This application is not there.")
    for uri in ("", "nonsense", "Key:", "Bogus:1", "javascript:alert(1)", "RTPMTx:Play:DtZipZip",
                "RTPRx:10.0.0.9", "Dial:nobody", "Vibrate:1", "Vibrate:1:2:x", "Display:Up",
                "Display:Off:1441", "App:Dance:0:60:x", "SoftKey:Dance", "Init:War", "SendDigits:x",
                "QueryStringParam:a=1", "Notify:http:10.0.0.1:80:seen"):  # fmt: skip
        assert push(ward, uri)[0][0] == "1", uri
    assert push(ward, "SoftKey:Submit")[0][:2] == ("6", "The page on the screen has no such softkey.")
    for uri in ("Init:AppStatus", "RTPRx:Stop", "RTPTx: stop"):
        assert push(ward, uri)[0][0] == "0", uri
    assert ward.screen.kind == "idle"


def test_the_window_of_a_status_goes_by_a_uri(world, ward):
    page = b"<CiscoIPPhoneStatus><Text>Bed 4</Text><Timer>5</Timer></CiscoIPPhoneStatus>"
    world.a.pages["/status.xml"] = page
    push(ward, world.a.url("/status.xml"))
    ward.wait_for(lambda: ward.screen.window, within=QUICK)
    assert ward.screen.kind == "idle"
    assert push(ward, "Init:AppStatus") == [("0", OK, "Init:AppStatus")]
    assert not ward.screen.window


def test_one_http_url_a_push(world, ward):
    first, second = world.a.url(ALARM), world.b.url(ALARM)
    said = push(ward, "Key:Services", first, second)
    assert [result[0] for result in said] == ["0", "0", "1"]
    ward.wait_for("Everybody out, says A.", within=PROMISE)
    ward.press("back")
    assert "Services of A" in ward.text()
    for url in ("http://", "http://printer.local/x", "http://a b/", "ftp://10.0.0.1/"):
        assert push(ward, url)[0][0] == "1", url


# --- pointers ---------------------------------------------------------------------------------------------


def test_claim_05_a_pushed_pointer_shows_its_page_and_goes_first_in_the_book(world, ward):
    c = world.site("C")
    ward.press("services")
    ward.wait_for("Services of A")
    world.a.silent()
    url = c.url("/menu.xml")
    assert push(ward, url, items=' Service="services"') == [("0", OK, url)]
    ward.wait_for("Services of C", within=QUICK)
    ward.press("services")
    assert ward.wait_for("Services of C") < QUICK
    ward.press("directory")
    assert "People of C" not in ward.text(), "of one service only"
    world.run(3600000)
    world.a.well()
    world.run(3600000)
    ward.press("services")
    ward.wait_for("Services of A", within=PROMISE)


def test_a_pointer_for_a_service_that_is_none_is_refused(world, ward):
    url = world.b.url()
    assert push(ward, url, items=' Service="radio"')[0][0] == "1"
    assert push(ward, url, items=' Service="services"', priority=2)[0][:2] == ("0", OK)
    ward.wait_for("Services of B", within=QUICK)
    said = push(ward, world.b.url("/people.xml"), items=' service="directory" expires="60"', priority=2)
    assert said[0][:2] == ("0", "Learned, not shown.")
    ward.press("directory")
    ward.wait_for("People of B")
    world.run(61000)
    ward.press("directory")
    ward.wait_for("People of A")


def test_a_push_changes_no_manager_and_no_home(world, ward):
    home = ward.agent._book.home
    push(ward, world.b.url(), items=' Service="services"')
    ward.wait_for("Services of B")
    assert ward.agent._book.home == home


def test_hosts_that_may_be_named_bound_pointers_that_are_pushed(world):
    a, b = world.site("A"), world.site("B")
    phone = phone_of(world, a, b, config={"pointers": {"hosts": ["10.0.0.1"], "schemes": ["http"]}})
    assert push(phone, b.url(), items=' Service="services"')[0][0] == "6"
    assert push(phone, a.url(), items=' Service="services"')[0][0] == "0"


# --- beside call managers ---------------------------------------------------------------------------------


def managed(world, **trust):
    """A phone that is registered at A, and whose services are at its site: (phone, A, it, another site)."""
    manager = Manager(world, "A")
    own, other = world.site("Own", "10.0.2.1"), world.site("Other", "10.0.2.2")
    more = {"push": {"port": 8080, "user": "eve", "password": "pass"}, "pointers": trust}
    phone = world.phone(config=configuration(manager, Manager(world, "B"), sites=(own,), own=more))
    phone.wait_for(lambda: manager.bindings, within=31000)
    world.run(1000)
    return phone, manager, own, other


def test_claim_05_a_pointer_pushed_over_http_goes_first_moves_no_manager_and_outlives_a_power_cut(world):
    phone, manager, own, other = managed(world)
    assert push(phone, other.url(), items=' Service="services"') == [("0", OK, other.url())]
    phone.wait_for("Services of Other", within=QUICK)
    assert [pointer.source for pointer in phone.agent._book.of("services")][0] == "push"
    world.run(60000)
    assert phone.agent._managers.home.label == "Own" and manager.bindings and phone.agent._book.home == 0
    phone.restart("power")
    world.run(40000)
    phone.press("services")
    phone.wait_for("Services of Other")
    phone.wait_for(lambda: phone.said("has expired: 10.0.2.2"), within=3700000)
    phone.press("services")
    phone.wait_for("Services of Own")


def test_a_phone_that_wants_signatures_wants_them_here_too(world):
    phone, _, own, other = managed(world, key=KEY, signed="require")
    said = push(phone, other.url(), items=' Service="services"')
    assert said == [("6", "they are not signed", other.url())]
    world.run(1000)
    assert phone.screen.kind == "idle" and not other.requests
    pointer, seal = signed(7, other.url() + ";service=services;expires=600", source="push")
    assert pointer.startswith("<%s>" % other.url())
    items = ' Service="services" Expires="600" Signature=%s' % quoteattr(seal)
    assert push(phone, other.url(), items=items)[0][0] == "0"
    phone.wait_for("Services of Other", within=QUICK)
    assert push(phone, other.url(), items=items)[0][0] == "6", "once only"
    forged = items.replace("600", "900")
    assert push(phone, other.url(), items=forged)[0][:2] == ("6", "the signature is wrong")


def test_while_somebody_calls_the_phone_is_not_idle(world):
    phone, manager, own, other = managed(world)
    other.pages[ALARM] = text("Alarm", "Everybody out.")
    manager.invite(phone)
    phone.wait_for("Call from")
    assert push(phone, other.url(ALARM), priority=2)[0][0] == "6"
    push(phone, other.url(ALARM), priority=1)
    world.run(2000)
    assert "Everybody" not in phone.text()
    phone.wait_for("Everybody out.", within=60000)


# --- who may ----------------------------------------------------------------------------------------------


class Judge:
    """An authentication server: what it is asked, and what it says."""

    def __init__(self, world, name, *right):
        self.site = world.site(name)
        self.site.script = self.script
        self.right, self.asked, self.says = right, [], None

    @property
    def url(self):
        return self.site.url("/auth?x=1")

    def script(self, site, request):
        assert request.path == "/auth", request
        self.asked.append(request.query)
        words = self.says or (b"AUTHORIZED" if request.query in self.right else b"UN-AUTHORIZED")
        return site.answer(request, 200, words)


RIGHT = "x=1&UserID=mary%40ward&Password=p%20%26%C3%A4&devicename=SEP001122334455"


@pytest.fixture
def judged(world):
    """A phone with two authentication servers and no credentials of its own."""
    world.one, world.two = Judge(world, "One", RIGHT), Judge(world, "Two", RIGHT)
    world.a = world.site("A")
    asked = [world.one.url, world.two.url]
    return phone_of(world, world.a, push={"user": "", "password": "", "authentication": asked})


def by_mary(phone, url, **options):
    visitor = Visitor(phone).push(url, user="mary@ward", password="p &ä", **options)
    return answered(visitor, within=10000)


def test_an_authentication_server_is_asked_about_others(world, judged):
    url = world.a.url(ALARM)
    begun = world.now
    assert by_mary(judged, url).results == [("0", OK, url)] and world.now - begun < QUICK
    judged.wait_for("Everybody out", within=QUICK)
    assert world.one.asked == [RIGHT] and world.two.asked == []
    for _ in range(3):
        assert by_mary(judged, url).results[0][0] == "0"
    assert len(world.one.asked) == 1, "a yes counts for a minute"
    world.run(61000)
    by_mary(judged, url)
    assert len(world.one.asked) == 2
    assert not [text for _, text in judged.notes if "p%20" in text or "Password" in text]
    assert not [told for told in judged.asked if "Password" in told[2]], "it is on no time line"


def test_where_the_first_is_frozen_its_backup_is_asked(world, judged):
    world.one.site.freeze()
    url = world.a.url(ALARM)
    begun = world.now
    assert by_mary(judged, url).results == [("0", OK, url)]
    assert FIRST_BYTE <= world.now - begun < FIRST_BYTE + QUICK
    assert judged.said("Authentication: 10.0.0.1 takes the connection but does not answer")
    world.run(61000)
    begun = world.now
    assert by_mary(judged, url).results[0][0] == "0"
    assert world.now - begun < QUICK, "who was silent is asked last"


def test_without_credentials_of_its_own_no_password_is_the_local_one(world, judged):
    for bytes_ in ("", "AA==", "AAA=", "Og==", "%%%"):  # nothing, NUL, two of them, a colon, no base64
        more = "Authorization: Basic %s\r\n" % bytes_
        visitor = answered(Visitor(judged).push(world.a.url(ALARM), user="", more=more), within=10000)
        assert visitor.status == 401, (bytes_, visitor.results)
        world.run(1100)
    assert not judged.went("push")


def test_what_is_neither_yes_nor_no_is_no_answer(world, judged):
    url = world.a.url(ALARM)
    for words in (b"ERROR", b"<html>AUTHORIZED</html>", b"AUTHORIZED by nobody", b"authorized", b"x" * 9000):
        world.one.says = words
        assert by_mary(judged, url).results[0][0] == "0", words
        world.run(61000)
    world.one.says = b"\r\n AUTHORIZED \n"
    world.two.site.silent()
    assert by_mary(judged, url).results[0][0] == "0"


def test_a_status_that_is_no_200_and_a_page_without_an_end_are_no_answers(world, judged):
    world.one.site.status(403, body=b"AUTHORIZED")
    assert by_mary(judged, world.a.url(ALARM)).results[0][0] == "0" and len(world.two.asked) == 1
    world.run(61000)

    def endless(site, request):
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 100
            yield 50

    world.one.site.script = endless
    begun = world.now
    assert by_mary(judged, world.a.url(ALARM)).results[0][0] == "0"
    assert len(world.two.asked) == 2 and world.now - begun < 1000


def test_a_question_waits_until_a_page_under_way_is_there(world, judged):
    """Pages, probes and questions have three sockets together, of which a person must find some."""
    world.a.late(1500)
    assert by_mary(judged, world.a.url(ALARM)).results[0][0] == "0"
    world.run(100)
    second = Visitor(judged).push("Key:Settings", user="eve", password="guess")
    world.run(500)
    assert len(world.one.asked) == 1
    answered(second, within=3000)
    assert second.status == 401 and len(world.one.asked) == 2 and "Everybody out" in judged.text()


def test_two_at_once_with_different_passwords_get_each_his_answer(world, judged):
    visitors = [Visitor(judged).push("Key:Settings", user="one", password="guess"),
                Visitor(judged).push("Key:Settings", user="mary@ward", password="p &ä")]  # fmt: skip
    judged.wait_for(lambda: all(visitor.whole for visitor in visitors), within=QUICK)
    assert [visitor.status for visitor in visitors] == [401, 200] and len(world.one.asked) == 2


def test_no_redirect_is_followed_with_a_password(world, judged):
    thief = world.site("Thief")
    world.one.site.redirect(thief.url("/auth"))
    assert by_mary(judged, world.a.url(ALARM)).results[0][0] == "0"
    assert not thief.requests


def test_a_no_is_error_4_and_locks_for_a_second(world, judged):
    visitor = answered(Visitor(judged).push(world.a.url(ALARM), user="eve", password="guess"))
    assert visitor.status == 401 and visitor.results == ("4", "The user name or the password is wrong.")
    visitor = answered(Visitor(judged).push(world.a.url(ALARM), user="eve", password="again"))
    assert visitor.status == 429 and len(world.one.asked) == 1
    world.run(1100)
    assert by_mary(judged, world.a.url(ALARM)).results[0][0] == "0"


def test_where_nobody_can_be_asked_it_is_error_4_and_the_phone_goes_on(world, judged):
    world.one.site.freeze()
    world.two.site.blackhole()
    visitor = Visitor(judged).push(world.a.url(ALARM), user="mary@ward", password="p &ä")
    world.run(500)
    judged.press("services")
    assert judged.wait_for("Services of A") < QUICK, "it blocks nothing"
    assert Visitor(judged).phone.visitors
    answered(visitor, within=9000)
    assert visitor.results == ("4", "No authentication server answered.")
    world.run(11000)
    assert not judged.visitors


def test_who_guesses_while_the_servers_are_silent_takes_one_seat_and_one_line_of_the_journal(world):
    judge, a = Judge(world, "One"), world.site("A")
    judge.site.freeze()
    phone = phone_of(world, a, push={"authentication": judge.url})
    guesses = [Visitor(phone).push(a.url(ALARM), user="x", password=str(count)) for count in range(2)]
    world.run(1100)
    served = 0
    for count in range(2, 42):
        for place, visitor in enumerate(guesses):
            if visitor.whole or visitor.gone:
                guesses[place] = Visitor(phone).push(a.url(ALARM), user="x", password=str(count + place / 2))
        world.run(500)
        served += answered(Visitor(phone).push("Key:Services")).status == 200
        world.run(500)
    assert served > 30, "a seat is free for who has the password, nearly always"
    assert len([text for _, text in phone.notes if text.startswith("Authentication: ")]) == 1


def test_local_credentials_come_first(world):
    judge, a = Judge(world, "One"), world.site("A")
    phone = phone_of(world, a, push={"authentication": judge.url})
    assert push(phone, a.url(ALARM))[0][0] == "0" and not judge.asked
    assert answered(Visitor(phone).push(a.url(ALARM), user="else")).status == 401 and len(judge.asked) == 1


def test_who_has_no_password_is_refused(world, ward):
    visitor = answered(Visitor(ward).push(world.a.url(ALARM), user=""))
    assert visitor.status == 401 and visitor.results[0] == "4"
    assert visitor.fields["www-authenticate"].startswith("Basic ")
    visitor = answered(Visitor(ward).push(world.a.url(ALARM), password="guess"))
    assert visitor.status == 401 and visitor.results[0] == "4"
    visitor = answered(Visitor(ward).push(world.a.url(ALARM)))
    assert visitor.status == 429 and visitor.fields["retry-after"] == "1"
    world.run(1000)
    assert push(ward, world.a.url(ALARM))[0][0] == "0"


def test_a_phone_that_nobody_may_push_to_takes_nothing(world):
    a = world.site("A")
    phone = phone_of(world, a, push={"user": "", "password": ""})
    visitor = answered(Visitor(phone).push(a.url(ALARM), user="", password=""))
    assert visitor.status == 403 and visitor.results[0] == "4"
    world.run(1000)
    assert "Everybody" not in phone.text() and not a.sent


def test_a_web_page_of_others_cannot_use_the_password_that_a_browser_keeps(world, ward):
    for field in ("Origin: http://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"):
        visitor = answered(Visitor(ward).push(world.a.url(ALARM), more=field))
        assert visitor.status == 403 and "web page" in visitor.results[1]
    world.run(1000)
    assert ward.screen.kind == "idle"


# --- the body ---------------------------------------------------------------------------------------------


def test_a_program_that_waits_for_100_gets_it(world, ward):
    body = b"XML=%3CCiscoIPPhoneExecute%3E%3CExecuteItem+URL%3D%22Key%3ASettings%22%2F%3E"
    body += b"%3C%2FCiscoIPPhoneExecute%3E"
    visitor = Visitor(ward)
    visitor.post(body, "Expect: 100-continue\r\n")
    assert answered(visitor).continued and visitor.results == [("0", OK, "Key:Settings")]
    visitor = Visitor(ward)
    visitor.post(body, "Expect: 100-continue\r\n", password="guess")
    assert answered(visitor).status == 401 and not visitor.continued


def test_bodies_that_are_none(world, ward):
    head = "POST /CGI/Execute HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZXZlOnBhc3M=\r\n%s\r\n"
    for status, more in (
        (411, ""), (411, "Transfer-Encoding: chunked\r\n"), (501, "Transfer-Encoding: gzip\r\n"),
        (400, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), (413, "Content-Length: 99999\r\n"),
        (400, "Content-Length: -1\r\n"), (413, "Content-Length: 999999999999\r\n"),
        (400, "Content-Length: 3\r\nContent-Length: 3\r\n"), (417, "Content-Length: 3\r\nExpect: tea\r\n"),
        (415, "Content-Length: 3\r\nContent-Type: multipart/form-data\r\n"),
    ):  # fmt: skip
        visitor = Visitor(ward)
        visitor.send((head % more).encode())
        assert answered(visitor).status == status, more
    page = b"XML=<CiscoIPPhoneExecute>%s</CiscoIPPhoneExecute>"
    for body in (b"", b"XML=", b"xml=<CiscoIPPhoneExecute/>", b"XML=<CiscoIPPhoneText/>", b"XML=%3C", b"XM",
                 b"\xff\xfe&=&=", page % b"", page % (b"<ExecuteItem URL='Key:Info'/>" * 4)):  # fmt: skip
        visitor = answered(Visitor(ward).post(body))
        assert visitor.status == 200 and visitor.results[0] == "1", body
    assert answered(Visitor(ward).post(b"x", path="/")).status == 405
    visitor = Visitor(ward)
    visitor.ask("/CGI/Execute")
    assert answered(visitor).status == 405 and visitor.fields["allow"] == "POST"
    assert ward.screen.kind == "idle"


def test_a_body_that_does_not_come_is_not_waited_for(world, ward):
    visitor = Visitor(ward)
    head = b"POST /CGI/Execute HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZXZlOnBhc3M=\r\n"
    visitor.send(head + b"Content-Length: 50\r\n\r\nXML=")
    world.run(4900)
    assert not visitor.told
    world.run(200)
    assert visitor.status == 408
    world.run(3000)
    assert not ward.visitors


def test_in_safe_mode_nothing_is_done_for_others(world, ward):
    for _ in range(3):
        ward.restart("watchdog")
        world.run(2000)
    visitor = answered(Visitor(ward).push("Key:Settings"))
    assert visitor.status == 503 and visitor.results[0] == "3"


def test_what_a_pushed_page_does_to_the_phone_is_known_by_its_next_life(world, ward):
    push(ward, world.b.url(ALARM))
    ward.wait_for("Everybody out")
    ward.restart("watchdog")
    world.run(1000)
    assert ward.said("10.0.0.2") or ward.said("B"), ward.notes


# --- everything at once -----------------------------------------------------------------------------------


KEYS = ("services", "directory", "down", "select", "back", "soft1", "soft4", "settings")
MEANT = ("Key:NavDwn", "Key:Services", "Key:Directories", "SoftKey:Back", "Dial:1", "x", "http://10.8.8.8/")


def misbehave(dice, site):
    """The site does something, good or bad."""
    what = dice.choice(["refuse", "silent", "blackhole", "well", "late", "status", "cut"])
    more = {"late": (800,), "status": (503,), "cut": (10,)}
    getattr(site, what)(*more.get(what, ()))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_others_push_while_keys_are_pressed_and_servers_die_a_key_gives_a_page(seed):
    """The world counts sockets and looks for busy loops."""
    world = World(seed)
    dice = world.random
    judge, a, b, stranger = Judge(world, "J", RIGHT), world.site("A"), world.site("B"), world.site("S")
    phone = phone_of(world, a, b, push={"authentication": [judge.url, "http://10.9.9.9/auth"]})
    stranger.pages[ALARM] = a.pages[ALARM]
    sites, visitors = (a, b, stranger, judge.site), []
    people = ("eve", "pass"), ("eve", "pass"), ("eve", "guess"), ("mary@ward", "p &ä")
    for _ in range(150):
        what = dice.randrange(6)
        if what < 2:
            url = dice.choice((a.url(ALARM), b.url("/none"), stranger.url(ALARM), *MEANT))
            items = dice.choice(("", "", ' Service="services"', ' Service="directory" Expires="30"'))
            if url.endswith("/none"):
                items = ""  # a live server would say for an hour that it has no such page
            user, password = dice.choice(people)
            visitors.append(Visitor(phone, reads=dice.random() < 0.9))
            visitors[-1].push(url, priority=dice.randrange(3), items=items, user=user, password=password)
        elif what == 2:
            phone.press(dice.choice(KEYS))
        elif what == 3:
            misbehave(dice, dice.choice(sites))
            if dice.random() < 0.5:
                judge.site.well()
                judge.site.script = judge.script
        elif what == 4 and dice.random() < 0.2:
            phone.network(not phone.link)
        world.run(dice.choice((1, 10, 100, 1000, 20000)))
        for visitor in visitors:
            assert not visitor.whole or visitor.status in (200, 401, 408, 429, 503), visitor.told
    assert len({visitor.status for visitor in visitors}) > 2, "not all came to the same"
    phone.network(True)
    for site in sites:
        site.well()
    world.run(400000)
    assert not phone.visitors
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy and phone.screen.kind in ("menu", "text"), within=PROMISE)
    assert "Services of" in phone.text() or "Everybody out" in phone.text()
