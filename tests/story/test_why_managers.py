"""What the phone says of its call managers: on the idle screen, on the why screen, on its status pages."""

import json
import re

import pytest

from tests.story.managers import PASSWORD, USER, Manager, configuration
from tests.story.test_why import SMALL, read, why
from tests.story.visitor import Visitor
from tests.story.world import World

SOON = 40000  # registered after the spread
WORST = 45000  # what the screen says by default
HOUR = 3600000


def scene(sites=False, display=(320, 240, 4), own=None, **more):
    """(world, manager A, manager B, phone), registered at A."""
    world = World(seed=1)
    a, b = Manager(world, "A"), Manager(world, "B")
    found = (world.site("A"), world.site("B")) if sites else ()
    phone = world.phone(config=configuration(a, b, sites=found, own=own, **more), display=display)
    phone.wait_for(lambda: a.bindings, within=SOON)
    world.run(100)
    return world, a, b, phone


def home(phone):
    """What the idle screen says of servers."""
    while phone.screen.kind != "idle":
        phone.press("back")
    return [row.text for row in phone.screen.rows if row.text][-1]


def test_a_phone_without_services_says_where_it_is_registered():
    world, a, b, phone = scene()
    assert home(phone) == "Registered at A" and (phone.screen.mark, phone.screen.label) == ("\u25cf", "A")
    a.kill()
    phone.wait_for(lambda: b.bindings, within=WORST)
    world.run(100)
    assert home(phone) == "Registered at B" and (phone.screen.mark, phone.screen.label) == ("\u25b2", "B")


def test_the_mark_of_the_page_and_the_home_agree():
    world, a, b, phone = scene(sites=True)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("back")
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=WORST)
    world.run(100)
    phone.press("services")
    phone.wait_for("Services of B")
    assert phone.screen.mark == "\u25b2", "the home that moved is a backup, though A's site is well"
    assert home(phone) == "Served by B"


def test_a_datagram_while_a_page_is_awaited_disturbs_nobody():
    world, a, b, phone = scene(sites=True)
    next(iter(world.sites.values())).silent()
    phone.press("services")
    world.run(50)
    assert phone.screen.busy
    phone.datagram(b"hello", (a.host, a.port), phone.sip_port)
    phone.datagram(b"hello", ("10.0.0.123", 123), 0)
    phone.wait_for("Services of B", within=1000)
    world.run(90000)
    assert a.bindings and not phone.said("could not deal with it")


@pytest.mark.parametrize("display, said", [
    ((320, 240, 4), "Not registered: no manager answers"), (SMALL, "Not registered"),
])  # fmt: skip
def test_the_idle_screen_says_that_nobody_answers(display, said):
    world, a, b, phone = scene(display=display)
    a.freeze()
    b.freeze()
    world.run_until(lambda: home(phone) == said, WORST + 20000, "the idle screen")
    world.run_until(lambda: "Next try in about" in why(phone), 20000, "a rest")
    page = why(phone)
    assert page.startswith("Not registered: no call manager answers. Next try in about ")
    assert "Call manager A does not answer." in page and "Call manager B does not answer." in page
    a.well()
    b.well()
    phone.press("back")
    world.run_until(lambda: home(phone).startswith("Registered at "), HOUR, "the idle screen")


def test_a_wrong_password_is_called_one():
    world = World(seed=1)
    a = Manager(world, "A")
    phone = world.phone(config=configuration(a, sip={"password": "forgotten"}))
    world.run_until(lambda: home(phone) == "Not registered: A refuses", SOON, "the idle screen")
    page = why(phone)
    assert "Not registered: A refuses the phone." in page
    assert "Call manager A refuses the phone's password." in page and "It is not asked" in page
    assert "forgotten" not in page and USER not in page


def test_where_since_when_why_there_and_how_near_the_return_is():
    world, a, b, phone = scene()
    assert re.match(r"Registered at A\. (Since|For) [^:]+(:\d\d)?: it comes first\.", why(phone))
    phone.press("back")
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=WORST)
    world.run(100)
    page = why(phone)
    assert re.match(r"Registered at B\. (Since|For) [^:]+(:\d\d)?: A does not answer\.", page), page
    assert re.search(r"Call manager A does not answer\. Next poll in about \d+ s\.", page), page
    phone.press("back")
    a.thaw()
    world.run_until(lambda: "Good polls: 2 of 3. No return within" in why(phone), 4 * 60000, "two good polls")
    assert "Call manager A, primary: %s" % a.uri in why(phone)


def test_what_it_promises_of_a_death_is_kept():
    """The bound on the screen holds from each phase of the keep-alives."""
    longest = bound = 0
    for phase in range(0, 60000, 7000):
        world, a, b, phone = scene()
        found = re.search(r"Should call manager A stop, that is known within (\d+) s", why(phone))
        bound = 1000 * int(found[1])
        phone.press("back")
        world.run(phase)
        begun = world.now
        a.freeze()
        phone.wait_for(lambda b=b: b.bindings, within=bound + 1000)
        longest = max(longest, world.now - begun)
    assert bound == WORST and bound // 2 < longest <= bound + 200


def test_the_drill_says_what_a_lost_manager_would_mean():
    world, a, b, phone = scene(sites=True)
    phone.press("services")
    phone.wait_for("Services of A")
    before = len(a.requests), len(b.requests)
    phone.settings("Drill")
    phone.wait_for("All is as before.", within=20000)
    page = " ".join(read(phone))
    assert page.startswith("Without call manager A: B within 45 s. Without A: B after ")
    assert {one.method for one in a.requests[before[0] :] + b.requests[before[1] :]} <= {"OPTIONS"}


def ask(phone, path):
    visitor = Visitor(phone)
    visitor.ask(path)
    phone.wait_for(lambda: visitor.whole, within=1000)
    return visitor.body.decode()


def test_the_status_pages_tell_where_it_is_registered_and_no_secret():
    world, a, b, phone = scene(own={"push": {"port": 8080}})
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=WORST)
    world.run(100)
    told = json.loads(ask(phone, "/status.json"))["registration"]
    assert told["registered"] and told["home"] == "B" and told["since_s"] == 0
    assert [one["state"] for one in told["managers"]] == ["unwell", "well"]
    assert told["managers"][0]["reason"] == "does not answer" and told["managers"][0]["next_s"] > 0
    lines = ask(phone, "/metrics").split("\n")
    assert "everline_registered 1" in lines
    assert 'everline_manager_registered{manager="B",uri="%s",place="backup"} 1' % b.uri in lines
    for what in ("in", "out", "again", "moves", "REGISTER 200", "OPTIONS silent"):
        assert [line for line in lines if line.startswith('everline_sip_total{what="%s"} ' % what)], lines
    assert 'everline_sip_total{what="moves"} 1' in lines
    assert "<CallManager2>%s:5060 Active<" % b.host in ask(phone, "/NetworkConfigurationX") or (
        "<CallManager2>%s Active<" % b.host in ask(phone, "/NetworkConfigurationX"))
    for path in ("/", "/status.json", "/metrics", "/DeviceInformationX", "/NetworkConfigurationX"):
        page = ask(phone, path)
        assert PASSWORD not in page and USER not in page, path


def test_what_is_nothing_is_counted():
    world, a, b, phone = scene(own={"push": {"port": 8080}})
    for data in (b"", b"hello", b"SIP/2.0 200 OK\r\n\r\n"):
        phone.datagram(data, (a.host, a.port), phone.sip_port)
    world.run(100)
    assert 'everline_sip_total{what="odd"} 3' in ask(phone, "/metrics").split("\n")
