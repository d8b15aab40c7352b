"""core/manager.py, asking.py, calling.py: what a call manager is sent, and what its answers do."""

from managed import MINUTE, Server, Story, registered

from phone.events import Datagram
from phone.wire import sip

HEAP = "256wK"  # the whole of SIP is compiled, which a phone never does


def test_it_registers_with_a_digest_and_one_contact():
    story = registered()
    first, second = story.servers["10.0.0.1"].of("REGISTER")
    assert first.uri == second.uri == "sip:10.0.0.1" and first.call_id == second.call_id
    assert second.cseq == first.cseq + 1 and first.branch != second.branch
    assert first.get(b"contact") == b"<sip:1001@10.0.0.100:5060>" and first.get(b"expires") == b"120"
    assert first.get(b"from").startswith(b"<sip:1001@10.0.0.1>;tag=")
    assert first.get(b"to") == b"<sip:1001@10.0.0.1>"
    assert first.raw(b"via")[0].endswith(b";rport") and first.get(b"max-forwards") == b"70"
    assert first.get(b"authorization") == b"" and b'username="1001"' in second.get(b"authorization")
    assert story.heard("Registered at 1.") == 1 and not story.servers["10.0.0.2"].of("REGISTER")
    home = story.all.home
    assert home.number == 0 and home.registered and home.well and story.book.home == 0
    assert not story.store, "a phone that is where it always is writes nothing"
    words = [(one.label, one.path, one.why, one.word) for one in story.asked if one.path == "REGISTER"]
    assert words == [("1", "REGISTER", "register", ""), ("1", "REGISTER", "register", "401"),
                     ("1", "REGISTER", "register", ""), ("1", "REGISTER", "register", "200")]  # fmt: skip


def test_it_keeps_alive_between_refreshes_with_one_nonce():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    start = story.now
    story.run(20 * MINUTE)
    registers, options = a.of("REGISTER", start), a.of("OPTIONS", start)
    assert 20 <= len(registers) <= 23 and 25 <= len(options) <= 45, (len(registers), len(options))
    counts = [message.get(b"authorization").split(b"nc=")[1][:8] for message in registers]
    assert counts == sorted(set(counts)) and counts[0] == b"00000002"
    assert [message.cseq for message in registers] == list(range(3, 3 + len(registers)))
    times = sorted([at for at, _ in a.asked])
    assert max([two - one for one, two in zip(times, times[1:])]) <= 30100
    polls = b.of("OPTIONS", start)
    assert 20 <= len(polls) <= 41 and not b.of("REGISTER")
    assert story.said() == ["Registered at 1."]


def test_behind_a_translator_the_contact_is_what_the_manager_sees():
    story = Story("10.0.0.1")
    story.via = ("192.0.2.7", 40000)
    story.until(lambda: story.all.registered, 31000)
    story.run(1000)
    contacts = [message.get(b"contact") for message in story.servers["10.0.0.1"].of("REGISTER")]
    assert contacts == [b"<sip:1001@10.0.0.100:5060>", b"<sip:1001@192.0.2.7:40000>"]
    story.via = ("192.0.2.7", 41000)
    since = story.now
    story.run(2 * MINUTE)
    later = story.servers["10.0.0.1"].of("REGISTER", since)
    assert [message.all(b"contact") for message in later[:2]] == [
        [b"<sip:1001@192.0.2.7:41000>", b"<sip:1001@192.0.2.7:40000>;expires=0"],
        [b"<sip:1001@192.0.2.7:41000>"],
    ], [message.all(b"contact") for message in later]
    lines = [(at, message.method) for at, message in story.servers["10.0.0.1"].asked if at >= since]
    (first, noticed), (second, told) = lines[:2]
    assert (noticed, told) == ("OPTIONS", "REGISTER") and second - first < 100, "told at once"


def test_behind_a_translator_that_moves_often_the_binding_that_stands_is_taken_back():
    story = registered("10.0.0.1", timers={"options_ms": 10000})
    a = story.servers["10.0.0.1"]
    since = story.now
    for port in range(40000, 40025):
        story.via = ("192.0.2.7", port)
        story.run(10000)
    story.run(1000)
    told = [message.all(b"contact") for message in a.of("REGISTER", since)]
    stands = b"<sip:1001@10.0.0.100:5060>"
    assert 4 <= len(told) <= 6, "put right once a minute"
    for contacts in told:
        assert contacts[1:] == [stands + b";expires=0"] and contacts[0] != stands, told
        stands = contacts[0]


def test_who_does_not_know_us_any_more_is_registered_with_at_once():
    story = registered()
    a = story.servers["10.0.0.1"]
    a.answer = lambda message: 480 if message.method == "OPTIONS" and not a.bound else a.well(message)
    a.bound = False
    story.until(lambda: a.bound, 31000)
    assert story.heard("1 may have lost the registration (480): once more.") == 1
    a.answer = lambda message: 404 if message.method == "OPTIONS" else a.well(message)
    story.run(10 * MINUTE)
    assert story.heard("(404)") == 1, "some refuse OPTIONS always"
    assert story.all.home.number == 0


def test_each_address_of_a_manager_is_asked():
    story = Story("cm.example", "10.0.0.2")
    story.net.places["cm.example"] = [("10.0.1.1", 5060), ("10.0.1.2", 5060), ("10.0.1.3", 5070)]
    for host in ("10.0.1.1", "10.0.1.2", "10.0.1.3"):
        story.servers[host] = Server(story, host)
    story.servers["10.0.1.1"].answer = "silent"
    story.until(lambda: story.all.registered, 39000)
    assert story.servers["10.0.1.2"].bound
    start = story.now
    for host in ("10.0.1.1", "10.0.1.2", "10.0.1.3"):
        story.servers[host].answer = "silent"
    story.until(lambda: story.servers["10.0.0.2"].bound, 60500)
    for host in ("10.0.1.3", "10.0.1.1"):
        assert story.servers[host].of("REGISTER", start), host
    assert story.all.known(("10.0.1.3", 9)).number == 0 and story.all.known(("10.9.9.9", 5060)) is None


def test_two_managers_at_one_host_are_told_apart_by_their_ports():
    """A push of the second would be taken for one of the first, as it is in a world on one machine."""
    story = Story("10.0.0.1", "10.0.0.2")
    for manager, port in zip(story.all.list, (5060, 5070)):
        manager.targets = [("10.0.0.9", port)]
    assert [story.all.known(("10.0.0.9", port)).number for port in (5060, 5070, 1234)] == [0, 1, 0]


def test_a_name_that_is_not_found_leads_to_the_next():
    story = Story("cm.example", "10.0.0.2")
    story.net.places["cm.example"] = False
    story.until(lambda: story.all.registered, 31000)
    assert story.all.home.number == 1 and story.heard("e is not found.") == 1
    story = Story("cm.example")
    story.net.places["cm.example"] = None
    story.run(40000)
    story.net.places["cm.example"] = [("10.0.0.9", 5060)]
    story.servers["10.0.0.9"] = Server(story, "10.0.0.9")
    story.feed(None)  # the answer of the name server
    story.run(1000)
    assert story.all.registered


def test_who_has_another_address_since_he_failed_is_found_there():
    story = Story("cm.example", "10.0.0.2")
    story.net.places["cm.example"] = [("10.0.1.1", 5060)]
    Server(story, "10.0.1.1").answer = "silent"
    story.until(lambda: story.all.registered, 61000)
    assert story.all.home.number == 1
    story.net.places["cm.example"] = [("10.0.1.9", 5060)]
    Server(story, "10.0.1.9")
    story.until(lambda: story.all.home.number == 0 and story.all.registered, 10 * MINUTE)
    assert story.all.home.targets == [("10.0.1.9", 5060)]


def test_another_address_is_told_with_the_next_keep_alive():
    story = registered()
    story.net.address = "10.0.0.102"
    since = story.now
    story.run(32000)
    register = story.servers["10.0.0.1"].of("REGISTER", since)[0]
    new, old = register.all(b"contact")
    assert (new, old) == (b"<sip:1001@10.0.0.102:5060>", b"<sip:1001@10.0.0.100:5060>;expires=0")


def test_odd_datagrams_cost_a_count():
    story = registered()
    for data in (b"", b"\r\n\r\n", b"x" * 1500, b"SIP/2.0 200 OK\r\n\r\n", bytes(range(256))):
        story.feed(Datagram(data, ("10.6.6.6", 5060), 5060))
    assert story.all.odd == 5 and story.all.registered
    a = story.servers["10.0.0.1"]
    forged = sip.response(a.asked[-1][1], 503, "No", "t", [("Retry-After", "900")])
    story.feed(Datagram(forged, ("10.6.6.6", 5060), 5060))
    assert story.all.registered and story.all.counts["late"] == 1
    assert story.all.receive(Datagram(b"", ("10.0.0.53", 53), 0), story.now) is None, "of another socket"


def test_only_the_home_teaches_and_only_with_its_proof():
    story = registered()
    teaching = story.all.teaching
    story.run(5 * MINUTE)
    assert {label for label, _, _ in teaching.heard} == {"1"}
    assert {method for _, method, _ in teaching.heard} == {"REGISTER", "OPTIONS"}
    a = story.servers["10.0.0.1"]

    def forge(message):
        status, fields = a.well(message)
        return status, fields + [("Authentication-Info", 'qop=auth, rspauth="0123", nc=00000001, cnonce="x"')]

    a.answer = lambda message: forge(message) if message.method == "REGISTER" else 200
    heard = len(teaching.heard)
    story.until(lambda: story.all.home.number == 1, 70000)
    assert story.heard("1 cannot prove that it knows the phone's password.") == 1
    assert [one for one in teaching.heard[heard:] if one[1] == "REGISTER" and one[0] == "1"] == []


def test_without_options_the_refresh_finds_the_death():
    story = registered(timers={"options_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    start = story.now
    story.run(3 * MINUTE)
    assert not a.of("OPTIONS", start)
    a.answer = "silent"
    story.until(lambda: b.bound, 60000 + 15000)


def test_without_voice_the_contact_says_so():
    story = registered("10.0.0.1", voice=False)
    assert b';methods="OPTIONS,NOTIFY"' in story.servers["10.0.0.1"].of("REGISTER")[-1].get(b"contact")


def test_the_home_tells_the_time_and_nobody_else():
    story = registered()
    for host, year in (("10.0.0.1", 2026), ("10.0.0.2", 2031)):
        date = "Sun, 22 Nov %d 18:00:00 GMT" % year
        story.servers[host].answer = lambda message, date=date: (200, [("Date", date)])
    story.run(3 * MINUTE)
    assert story.wall.said == (1795370400, "sip")
