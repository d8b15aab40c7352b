"""The two call managers of the small world, as the page switches them. The phone is one of a few lines."""

import time

import pytest

from host_tools.kamailio import MISSING, found
from host_tools.managers import PASSWORD, PUSHED_SECONDS, TIMERS, USER, Managers
from host_tools.problem import Problem
from host_tools.world import World
from tests.host.sip_client import Client

SITES = {letter: {"services": "http://%s.test/menu.xml" % letter,
                  "directory": "http://%s.test/people.xml" % letter} for letter in "AB"}


class Told:
    """What the world said, as sentences; "" for a change that needs no words."""

    def __init__(self):
        self.sentences = []

    def __call__(self, it):
        self.sentences.append(it.sentence)

    def wait(self, words, seconds=5.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for sentence in self.sentences:
                if words in sentence:
                    return sentence
            time.sleep(0.02)
        raise AssertionError("nobody said %r: %s" % (words, self.sentences))


@pytest.fixture
def told():
    return Told()


@pytest.fixture(params=[
    "stand-in", pytest.param("kamailio", marks=pytest.mark.skipif(not found(), reason=MISSING))])
def pair(request, told):
    """Two call managers that were started; either kind."""
    managers = Managers("AB", request.param, told, {"A": "a.everline.test"})
    managers.start(SITES)
    yield managers
    managers.close()


@pytest.fixture
def phone(pair):
    with Client(pair["A"].calls, USER, PASSWORD) as made:
        yield made


def state(pair, name):
    return next(it for it in pair.states() if it["name"] == name)


def test_who_is_registered_is_seen_and_until_when(pair, phone, told):
    assert phone.register(60).status == 200
    told.wait("1001 is registered with manager A.")
    (it,) = state(pair, "A")["registered"]
    assert (it["user"], it["address"]) == (USER, phone.uri)
    assert 55 < it["until"] / 1000 - time.time() < 62
    assert state(pair, "B")["registered"] == []
    phone.register(0)
    told.wait("1001 is not registered with manager A any more.")
    assert state(pair, "A")["registered"] == []


def test_each_switch_does_what_its_words_say(pair, phone, told):
    a, b = pair["A"], pair["B"]
    assert a.uri == "sip:a.everline.test:%d" % a.calls.port and b.uri == b.calls.uri
    phone.register()
    a.do("503")
    answer = phone.ask("OPTIONS")
    assert (answer.status, answer.get("retry-after")) == (503, "20")
    a.do("drain")
    answer = phone.register()
    assert (answer.status, answer.get("contact")) == (302, "<%s>" % b.uri)
    a.do("freeze")
    assert phone.ask("OPTIONS", seconds=0.3) is None
    with pytest.raises(Problem, match="Manager A is frozen"):
        a.push("pages")
    a.do("stop")
    assert a.registered == [] and not a.calls.running
    a.do("start")
    assert phone.ask("OPTIONS").status == 200
    assert [it for it in told.sentences if it.startswith("Manager A ") and "push" not in it] == [
        "Manager A answers.", "Manager A answers 503, try again in 20 s.",
        "Manager A is being emptied: it sends phones to B.",
        "Manager A is frozen: its port is open, nothing answers.",
        "Manager A is stopped: its port is closed.", "Manager A answers."]
    with pytest.raises(Problem, match="can not 'explode'"):
        a.do("explode")


def test_pointers_are_handed_out_as_long_as_they_are_wished(pair, phone):
    a, b = pair["A"], pair["B"]
    assert phone.register().get("call-info") == ""
    a.pointers(True)
    given = phone.ask("OPTIONS").get("call-info")
    assert given == ("<http://B.test/menu.xml>;purpose=backup-service;q=0.9;service=services, "
                     "<http://B.test/people.xml>;purpose=backup-service;q=0.9;service=directory, "
                     "<%s>;purpose=backup-call-manager;q=0.9" % b.uri)
    a.do("stop")
    a.do("start")
    assert phone.ask("OPTIONS").get("call-info") == given, "it outlives a restart"
    a.pointers(False)
    assert phone.ask("OPTIONS").get("call-info") == ""


def test_pushes_are_told_with_their_answer(pair, phone, told):
    a = pair["A"]
    phone.register()
    a.push("pages")
    assert told.sentences[-1] == "Manager A pushes the pages of B: the phone answers 200."
    event = phone.event()
    assert event.get("event") == "backup-pointers" and event.get("content-type") == "message/sipfrag"
    assert event.body.decode().split("\r\n")[0] == (
        "Call-Info: <http://B.test/menu.xml>;purpose=backup-service;service=services;expires=%d"
        % PUSHED_SECONDS)
    a.push("check-sync")
    assert phone.event(2).get("event") == "check-sync"
    a.push("messages")
    assert phone.event(3).body == b"Messages-Waiting: yes\r\nVoice-Message: 1/0\r\n"
    a.push("messages")
    assert phone.event(4).body == b"Messages-Waiting: no\r\nVoice-Message: 0/0\r\n"
    with pytest.raises(Problem, match="1001 is not registered"):
        pair["B"].push("check-sync")


def test_b_pushes_its_own_pages_by_itself_when_a_dies(pair, phone, told):
    phone.register()
    phone.manager = pair["B"].calls
    phone.ask("OPTIONS")
    pair["A"].do("stop")
    told.wait("Manager B: manager A does not answer: the pointers are pushed to 1001.")
    assert b"<http://B.test/menu.xml>" in phone.event().body
    told.wait("Manager B: 1001 answered the push with 200.")
    pair["A"].do("start")
    told.wait("Manager B: manager A answers again.")


def test_b_pushes_later_where_it_has_not_seen_the_phone_yet(pair, phone, told):
    phone.register()
    pair["A"].do("freeze")
    told.wait("Manager B: manager A does not answer.")
    phone.manager = pair["B"].calls
    phone.ask("OPTIONS")
    assert b"<http://B.test/menu.xml>" in phone.event().body
    told.wait("Manager B: 1001 answered the push with 200.")
    time.sleep(1.5)
    assert len(phone.events) == 1, "once is enough"
    assert len([it for it in told.sentences if "does not answer" in it]) == 2


def test_one_that_ends_by_itself_is_seen_to(pair, told):
    pair["A"].calls.kill()
    told.wait("Manager A is stopped")
    pair["A"].do("start")
    assert pair["A"].calls.running


def test_a_kamailio_that_does_not_run_is_replaced_unless_it_was_wished(monkeypatch, told):
    monkeypatch.setattr("host_tools.managers.found", lambda: "/bin/false")
    monkeypatch.setattr("host_tools.kamailio.found", lambda: "/bin/false")
    managers = Managers("AB", None, told)
    try:
        managers.start(SITES)
        assert [it["kind"] for it in managers.states()] == ["stand-in"] * 2
        told.wait("Manager A is a stand-in: Kamailio did not start at 127.0.0.1:")
        assert managers["A"].calls.running and managers["B"].state == "answering"
    finally:
        managers.close()
    wished = Managers("AB", "kamailio", told)
    with pytest.raises(Problem, match="Kamailio did not start"):
        wished.start(SITES)
    wished.close()


def test_a_world_has_them_where_they_are_wished():
    with World(managers="stand-in", first_port=8950, names=True) as world:
        configuration = world.configuration()
        assert [home["manager"] for home in configuration["homes"]] == [
            "sip:%s.everline.test:%d" % (name.lower(), world.managers[name].calls.port) for name in "AB"]
        assert configuration["sip"]["timers"] == TIMERS and configuration["sip"]["user"] == USER
        assert [it["state"] for it in world.managers_state()] == ["answering"] * 2
        assert world.managers["A"].site["services"] == "http://a.everline.test:%d/menu.xml" % world["A"].port
    with World(first_port=8950) as world:
        assert world.managers is None and world.managers_state() is None
        assert "sip" not in world.configuration() and "manager" not in world.configuration()["homes"][0]
    with pytest.raises(Problem, match="There is no call manager 'asterisk'"):
        World(managers="asterisk")


def test_the_timers_of_the_world_are_ones_that_a_phone_takes():
    from phone.checks_sip import TIMERS as KNOWN

    for name, value in TIMERS.items():
        _, least, most = KNOWN[name]
        assert least <= value <= most, name
