"""The world's call managers, Kamailio and the project's stand-in, as a phone meets them: tests for both."""

import re
import shutil
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from host_tools import sip
from host_tools.kamailio import MISSING, Kamailio, found, free_port, port_is_free
from host_tools.manager import StandIn
from host_tools.problem import Problem
from tests.host.sip_client import Client

POINTERS = ("<http://10.0.0.2/menu.xml>;purpose=backup-service;q=0.9, "
            "<sip:10.0.0.2>;purpose=backup-call-manager")
SIPFRAG = "message/sipfrag"
ROOT = Path(__file__).parents[2]
SIPP = Path(__file__).parent / "register.sipp.xml"


@pytest.fixture(params=[
    "stand-in", pytest.param("kamailio", marks=pytest.mark.skipif(not found(), reason=MISSING))])
def make(request):
    """A call manager of either kind, as often as one likes."""
    made = []

    def one(**values):
        manager = (StandIn if request.param == "stand-in" else Kamailio)(**values)
        made.append(manager)
        return manager.start()
    yield one
    for manager in made:
        manager.close()


@pytest.fixture
def manager(make):
    return make()


@pytest.fixture
def client(manager):
    with Client(manager) as made:
        yield made


def test_it_registers_who_knows_the_password(manager, client):
    assert manager.contacts("1001") == [] and manager.count() == (0, 0)
    answer = client.register(60)
    assert answer.status == 200 and "expires=60" in answer.get("contact")
    proof = sip.parameters("x " + answer.get("authentication-info"))
    assert len(proof["rspauth"]) in (32, 64)
    assert [it["Address"] for it in manager.contacts("1001")] == [client.uri]
    (user, address, left), = manager.registrations()
    assert (user, address) == ("1001", client.uri) and 55 <= left <= 60
    assert manager.count() == (1, 1)
    assert client.register(0).status == 200
    assert manager.contacts("1001") == []


def test_a_wrong_password_is_refused_as_often_as_it_is_given(manager):
    with Client(manager, password="wrong") as client:
        assert client.register().status == 401
        assert client.register().status == 401
    with Client(manager, "9999", "secret1001") as client:
        assert client.register().status == 401
    assert manager.count() == (0, 0)


def test_too_short_a_time_is_said(client):
    answer = client.register(1)
    assert (answer.status, answer.get("min-expires")) == (423, "2")
    assert answer.get("call-info") == ""


def test_pointers_ride_on_each_2xx_and_change_while_it_runs(manager, client):
    assert client.ask("OPTIONS").get("call-info") == ""
    manager.pointers(POINTERS)
    assert client.ask("OPTIONS").get("call-info") == POINTERS
    answer = client.register()
    assert answer.status == 200 and answer.get("call-info") == POINTERS
    manager.pointers("<http://10.0.0.3/>;purpose=backup-service", "1001")
    assert client.ask("OPTIONS").all("call-info") == [POINTERS, "<http://10.0.0.3/>;purpose=backup-service"]
    manager.pointers(None)
    manager.pointers(None, "1001")
    assert client.ask("OPTIONS").get("call-info") == ""


def test_a_request_that_comes_twice_is_answered_twice_and_done_once(client):
    client.register()
    challenge = sip.choose(client.challenges[0])
    proof = [("Authorization", sip.authorize(challenge, "REGISTER", "sip:everline.test", "1001", "secret1001",
                                             count=2))]
    branch = client.send("REGISTER", proof=proof)
    first = client.answer(branch)
    client.again()
    second = client.answer(branch)
    assert (first.status, second.status) == (200, 200), "or its nc would have been used before"
    client.send("REGISTER", branch=sip.BRANCH + "other", proof=proof)
    refused = client.answer(sip.BRANCH + "other")
    assert refused.status == 401 and "stale=true" in refused.get("www-authenticate")


def test_the_ways_to_fail(manager, client):
    client.register()
    manager.mode("503", retry_after=17)
    answer = client.ask("OPTIONS")
    assert (answer.status, answer.get("retry-after")) == (503, "17")
    for mode in ("500", "403"):
        manager.mode(mode)
        assert client.ask("OPTIONS").status == int(mode)
    manager.mode("302", contact="<sip:10.0.0.2>")
    answer = client.register()
    assert (answer.status, answer.get("contact")) == (302, "<sip:10.0.0.2>")
    manager.mode("drop")
    assert client.ask("OPTIONS", seconds=0.3) is None
    manager.mode("ok", delay_ms=150)
    begun = time.monotonic()
    assert client.ask("OPTIONS").status == 200
    assert time.monotonic() - begun >= 0.15


def test_one_that_drains_sends_everybody_away(manager, client):
    client.register()
    manager.mode("drain", contact="<sip:10.0.0.2>", retry_after=30)
    assert client.ask("OPTIONS").status == 480, "who is here asks at once"
    answer = client.register()
    assert (answer.status, answer.get("contact")) == (302, "<sip:10.0.0.2>")
    assert client.register(0).status == 200, "a release is served"
    answer = client.ask("OPTIONS")
    assert (answer.status, answer.get("retry-after")) == (503, "30")
    manager.mode("ok")
    assert client.register().status == 200


def test_frozen_it_is_silent_and_thawed_it_answers_late(manager, client):
    client.register()
    manager.freeze()
    branch = client.send("OPTIONS")
    assert client.answer(branch, 0.4) is None
    manager.thaw()
    assert client.answer(branch).status == 200
    assert manager.contacts("1001")


def test_a_crash_forgets_who_was_registered(manager, client):
    client.register()
    manager.kill()
    assert client.ask("OPTIONS", seconds=0.3) is None
    with pytest.raises(Problem):
        manager.contacts("1001")
    manager.start()
    assert client.ask("OPTIONS").status == 200, "and nobody says so"
    assert manager.contacts("1001") == []
    manager.mode("ok", strict_options=1)
    assert client.ask("OPTIONS").status == 480
    assert client.register().status == 200


def test_a_push_answers_the_challenge_of_the_phone(manager, client):
    client.register()
    body = "Call-Info: %s\r\n" % POINTERS
    assert manager.notify("1001", "backup-pointers", SIPFRAG, body)["code"] == 401
    assert manager.push("1001", "backup-pointers", SIPFRAG, body) == 200
    event = client.event()
    assert (event.get("event"), event.get("content-type")) == ("backup-pointers", SIPFRAG)
    assert event.body == body.encode()
    assert manager.push("1001", "check-sync") == 200
    assert client.event(2).get("event") == "check-sync" and client.event(2).body == b""


def test_a_push_with_a_wrong_password_is_refused(manager):
    with Client(manager) as client:
        client.register()
        client.password = "another"
        assert manager.push("1001", "backup-pointers", SIPFRAG, "Call-Info: %s\r\n" % POINTERS) == 401
        assert client.events == []


def test_a_push_without_an_answer_is_given_up(manager, client):
    client.register()
    client.hang_up()
    begun = time.monotonic()
    assert manager.push("1001", "check-sync") == 408
    assert time.monotonic() - begun < 9
    with pytest.raises(Problem, match="1002 is not registered"):
        manager.push("1002", "check-sync")


def test_b_watches_a_and_pushes_by_itself_when_a_dies(make):
    a, b = make(), make()
    with Client(a) as client:
        client.register()
        client.manager = b
        assert client.ask("OPTIONS").status == 200, "so B knows where the phone is"
        assert b.seen("1001") == client.uri
        b.watch(a.host, a.port, "backup-pointers", SIPFRAG, "Call-Info: %s\r\n" % POINTERS)
        time.sleep(1.2)
        assert client.events == []
        a.freeze()
        event = client.event()
        assert event.get("event") == "backup-pointers" and POINTERS.encode() in event.body
        a.thaw()
        time.sleep(1.2)
        client.register()  # at B
        a.kill()
        time.sleep(3.5)
        assert len(client.events) == 1, "who is registered with B needs no push"


@pytest.fixture
def old_fashioned():
    """A stand-in that asks for MD5 only: sipsak and sipp know no other, and stumble over two challenges."""
    with StandIn(algorithms=("MD5",)) as manager:
        yield manager


@pytest.mark.skipif(not shutil.which("sipsak"), reason="sipsak is not installed (apt install sipsak).")
def test_sipsak_registers_with_the_stand_in(old_fashioned):
    target = "sip:1001@127.0.0.1:%d" % old_fashioned.port
    done = subprocess.run(["sipsak", "-U", "-C", "sip:1001@127.0.0.1:5099", "-s", target, "-u", "1001",
                           "-a", "secret1001", "-x", "60"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [it["Address"] for it in old_fashioned.contacts("1001")] == ["sip:1001@127.0.0.1:5099"]
    done = subprocess.run(["sipsak", "-U", "-C", "sip:1001@127.0.0.1:5099", "-s", target, "-u", "1001",
                           "-a", "wrong", "-x", "60"], capture_output=True, text=True, timeout=20)
    assert done.returncode != 0


@pytest.mark.skipif(not shutil.which("sipp"), reason="sipp is not installed (apt install sip-tester).")
def test_sipp_registers_and_keeps_alive_with_the_stand_in(old_fashioned, tmp_path):
    old_fashioned.pointers(POINTERS)
    users = tmp_path / "users.csv"
    users.write_text("SEQUENTIAL\n1001;[authentication username=1001 password=secret1001]\n")
    done = subprocess.run(
        ["sipp", "-sf", SIPP, "-inf", users, "-m", "100", "-l", "1", "-r", "500", "-i", "127.0.0.1",
         "-p", str(free_port()), "127.0.0.1:%d" % old_fashioned.port, "-timeout", "20"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_no_sip_is_nothing():
    for data in (b"", b"\r\n\r\n", b"hello\r\n\r\n", b"OPTIONS sip:a SIP/2.0\r\n\r\n",
                 b"SIP/2.0 200\r\nVia: x\r\n\r\n", b"OPTIONS sip:a SIP/2.0\r\nnonsense\r\n\r\n"):
        assert sip.read(data) is None


def test_compact_and_folded_names_are_known():
    message = sip.read(b"OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bKx\r\nf: <sip:u@a>;tag=1\r\n"
                       b"t: <sip:a>\r\ni: 7\r\nCSEQ: 1 OPTIONS\r\nm:\r\n <sip:u@h>\r\nl: 2\r\n\r\nabcd")
    assert (message.branch, message.user("from"), message.get("contact")) == ("z9hG4bKx", "u", "<sip:u@h>")
    assert message.body == b"ab"


def test_digest_is_as_the_rfc_has_it():
    """RFC 7616 3.9.1: both of its answers."""
    values = ("Mufasa", "http-auth@example.org", "Circle of Life", "GET", "/dir/index.html",
              "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001",
              "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    assert sip.digest("MD5", *values) == "8ca523f5e9506fed4657c9700eebdbec"
    answer = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert sip.digest("SHA-256", *values) == answer


def test_one_that_is_run_by_hand_says_what_it_does():
    port = free_port()
    command = [sys.executable, "-m", "host_tools.cli", "manager", "127.0.0.1", str(port), "--user", "7:seven",
               "--pointers", "<http://10.0.0.2/>;purpose=backup-service"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "sip:127.0.0.1:%d registers 7\n" % port
        manager = types.SimpleNamespace(host="127.0.0.1", port=port)
        with Client(manager, "7", "seven") as client:
            answer = client.register(60)
            assert answer.get("call-info") == "<http://10.0.0.2/>;purpose=backup-service"
            (challenge,) = client.challenges[0]
            assert sip.parameters(challenge)["algorithm"] == "MD5"
        assert re.match(r"7 registered from 127\.0\.0\.1:\d+, for 60 s\.", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    assert port_is_free("127.0.0.1", port)


def test_a_port_that_is_taken_is_a_sentence():
    with StandIn() as manager:
        with pytest.raises(Problem, match="could not be started: 127.0.0.1:%d" % manager.port):
            StandIn(port=manager.port).start()
