"""core/managers.py, telling.py: where the phone goes when its call managers fail, and what is said."""

from managed import MINUTE, Server, Story, back_home, registered

from phone.core.home import BACK, HERE
from phone.core.learned import HOME, unpack_home
from phone.core.managers import BIND_MS, REQUESTS, STRANGE
from phone.core.telling import COUNTS_MAX, OTHERS, Telling
from phone.events import Datagram
from phone.wire import sip

READ = sip.read
FLOOD = (b"OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%d\r\nFrom: <sip:a@x>;tag=1\r\n"
         b"To: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n")
HEAP = "256wK"  # the whole of SIP is compiled, which a phone never does


def test_silence_is_confirmed_once_and_then_the_next_one_takes_the_phone():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    died = max([at for at, _ in a.asked])
    story.until(lambda: b.bound, 46000)
    assert story.now - died <= 45200
    story.run(100)
    said = story.said()[1:]
    assert said == ["1 does not answer: it is asked once more.", "1 does not answer.",
                    "Registered at 2, since 1 does not answer."]  # fmt: skip
    assert story.book.home == 1 and story.all.home.number == 1
    kept = unpack_home(story.store[HOME], story.config.homes)
    assert kept.home == 1 and kept.hold_s == 120 and kept.why.startswith("Registered at 2")
    confirm = [message for at, message in a.asked if at > died][-1]
    assert confirm.method == "REGISTER"


def test_one_lost_keep_alive_is_none():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.until(lambda: a.of("OPTIONS", 0) and story.now - a.asked[-1][0] > 100, 60000)
    start = story.now
    a.answer = "silent"
    story.until(lambda: a.of("OPTIONS", start) or a.of("REGISTER", start), 60000)
    story.run(7600)
    a.answer = None
    story.run(MINUTE)
    assert story.all.home.number == 0 and story.heard("it is asked once more.") == 1


def test_the_return_makes_before_it_breaks():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = None
    back_home(story)
    assert a.bound and not b.bound
    assert story.heard("1 is well again: the phone returns to it.") == 1
    assert story.heard("Back at 1, which was") == 1
    first = [at for at, message in a.asked if message.get(b"expires") == b"120"][-1]
    last = [at for at, message in b.asked if message.get(b"expires") == b"0"][-1]
    assert first < last < first + 100
    assert [one.why for one in story.asked if one.why == "release"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    assert story.heard("1 was left again: it has to be well for 4 min now.") == 1
    assert unpack_home(story.store[HOME], story.config.homes).relapses == 1
    again = Story("10.0.0.1", "10.0.0.2", store=story.store)
    assert again.all.course.hold_ms == 240000, "a loss of power forgives nothing"


def test_no_return_while_somebody_uses_the_phone():
    story = registered(timers={"return_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = None
    story.outside.has_form = True
    story.run(10 * MINUTE)
    assert story.all.home.number == 1
    story.outside.has_form = False
    story.all.key(story.now)
    since = story.now
    back_home(story)
    assert 60000 <= story.now - since <= 61000


def test_who_froze_and_thaws_is_not_believed_late_and_forgets_the_phone():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "held"
    story.until(lambda: b.bound, 60000)
    story.run(MINUTE)
    a.answer = None
    for message, whence in a.held:
        a.say(message, whence)
    assert a.bound, "what was queued is carried out"
    story.run(10)
    assert story.all.home.number == 1 and story.all.counts["late"] >= 2
    story.run(2500)
    assert not a.bound and b.bound, "the old binding is released"
    assert story.all.home.number == 1


def test_a_busy_manager_is_left_and_not_asked_before_its_time():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = (503, [("Retry-After", "300")])
    story.until(lambda: not story.all.registered, 60000)
    busy = a.asked[-1][0]
    story.until(lambda: b.bound, 31000)
    first = [at for at, message in b.asked if message.method == "REGISTER"][0]
    assert first > busy + 100, "others hear of it, too: the next one is asked somewhen within the spread"
    story.run(100)
    assert story.heard("1 is busy (503) for 5 min.") == 1
    story.run(298000 - (story.now - busy))
    assert a.asked[-1][0] == busy
    story.run(4 * MINUTE)
    assert a.asked[-1][0] > busy + 300000


def test_a_redirection_leads_to_known_managers_only():
    story = registered("10.0.0.1", "10.0.0.2", "10.0.0.3")
    a = story.servers["10.0.0.1"]
    there = (302, [("Contact", "<sip:10.0.0.3:5060>")])
    a.answer = lambda message: there if message.method == "REGISTER" else 200
    story.until(lambda: story.all.home.number == 2, 61000)
    assert story.heard("1 sends the phone to 3.") == 1 and not story.servers["10.0.0.2"].of("REGISTER")
    c = story.servers["10.0.0.3"]
    away = (302, [("Contact", "<sip:evil.example>")])
    c.answer = lambda message: away if message.method == "REGISTER" else 200
    story.until(lambda: story.all.home.number == 1, 61000)
    assert story.heard("3 sends the phone to evil.example, which it does not know.") == 1


def test_a_redirection_is_followed_where_the_phone_is_not_registered_yet():
    story = Story("10.0.0.1", "10.0.0.2", "10.0.0.3")
    there = (302, [("Contact", "<sip:10.0.0.3:5060>")])
    story.servers["10.0.0.1"].answer = lambda message: there if message.method == "REGISTER" else 200
    story.until(lambda: story.all.registered, 31000)
    assert story.all.home.number == 2 and not story.servers["10.0.0.2"].of("REGISTER")


def test_of_several_contacts_of_a_redirection_the_known_one_is_meant():
    story = registered("10.0.0.1", "10.0.0.2", "10.0.0.3")
    there = (302, [("Contact", "<sip:1001@elsewhere.example>;q=0.9, <sip:10.0.0.3>;q=0.5")])
    story.servers["10.0.0.1"].answer = lambda message: there if message.method == "REGISTER" else 200
    story.until(lambda: story.all.home.number == 2, 61000)
    assert not story.servers["10.0.0.2"].of("REGISTER")


def test_all_dead_is_said_and_tried_with_growing_waits():
    story = Story("10.0.0.1", "10.0.0.2")
    for server in story.servers.values():
        server.answer = "silent"
    story.run(20 * MINUTE)
    said = story.said()
    assert said[:2] == ["1 does not answer.", "2 does not answer."]
    assert "No call manager takes the phone." in said[2]
    assert len(said) == 2 + 5 and not story.all.registered
    registers = story.servers["10.0.0.1"].of("REGISTER")
    assert len({message.branch for message in registers}) < 30
    story.servers["10.0.0.2"].answer = None
    story.until(lambda: story.all.registered, 61000)
    assert story.all.home.number == 1 and story.heard("Registered at 2.") == 1


def test_the_network_goes_and_comes():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.net.address = ""
    story.act(story.all.cancel(story.now))
    assert not story.all.registered
    before = len(a.asked)
    story.run(5 * MINUTE)
    assert len(a.asked) == before
    story.net.address = "10.0.0.101"
    story.all.wake(story.now)
    since = story.now
    took = story.until(lambda: story.all.registered, 31000)
    assert a.of("REGISTER", since)[0].get(b"contact") == b"<sip:1001@10.0.0.101:5060>"
    assert took > 0
    story.act(story.all.cancel(story.now))
    assert story.all.registered, "connections were closed for want of memory: SIP goes on"


def test_a_port_that_is_taken_is_tried_again():
    story = Story("10.0.0.1", port=0)
    story.run(5 * BIND_MS)
    assert story.binds == 6 and not story.servers["10.0.0.1"].asked
    assert story.said() == ["Port 5060 is taken: the phone cannot register. It tries again."]
    story.port = 5060
    story.run(2 * MINUTE)
    assert story.all.registered


def test_where_the_phone_was_it_is_again_and_so_is_the_hold():
    story = registered()
    story.servers["10.0.0.1"].answer = "silent"
    story.until(lambda: story.servers["10.0.0.2"].bound, 60000)
    story.run(100)
    again = Story("10.0.0.1", "10.0.0.2", store=story.store)
    again.until(lambda: again.all.registered, 31000)
    assert again.all.home.number == 1 and again.book.home == 1
    assert not again.servers["10.0.0.1"].of("REGISTER")


def test_check_sync_asks_now_and_not_too_often():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.run(3000)
    since = story.now
    for _ in range(50):
        story.all.refresh(story.now)
        story.run(200)
    assert len(a.of("REGISTER", since)) == 1
    story.all.refresh(story.now)
    story.run(10100)
    assert len(a.of("REGISTER", since)) == 2


def test_learned_managers_come_after_the_configured_ones_and_their_home_is_kept():
    story = Story("10.0.0.1", learned=[(900, "sip:10.0.0.8:5060"), (500, "sip:10.0.0.9:5060")])
    for host in ("10.0.0.8", "10.0.0.9"):
        Server(story, host)
    found = [(one.label, one.number) for one in story.all.list]
    assert found == [("1", 0), ("10.0.0.8", -1), ("10.0.0.9", -1)]
    story.until(lambda: story.all.registered, 31000)
    story.servers["10.0.0.1"].answer = "silent"
    story.until(lambda: story.servers["10.0.0.8"].bound, 60000)
    story.run(100)
    assert story.book.home == 1 and story.all.registered
    kept = unpack_home(story.store[HOME], story.config.homes)
    assert kept.home == 1 and kept.uri == "sip:10.0.0.8:5060"
    story.all.teaching.managers = [(900, "sip:10.0.0.9:5060")]
    story.all.teaching.changed = True
    story.feed(None)
    assert [one.label for one in story.all.list] == ["1", "10.0.0.9", "10.0.0.8"], "stays until it is left"
    story.servers["10.0.0.1"].answer = None
    back_home(story)
    assert [one.label for one in story.all.list] == ["1", "10.0.0.9"]


def test_a_learned_manager_that_nobody_names_any_more_is_released_with_patience():
    story = Story("10.0.0.1", learned=[(900, "sip:10.0.0.8:5060")])
    learned = Server(story, "10.0.0.8")
    story.until(lambda: story.all.registered, 31000)
    story.servers["10.0.0.1"].answer = "silent"
    story.until(lambda: learned.bound, 60000)
    story.all.teaching.managers = []
    story.all.teaching.changed = True
    story.servers["10.0.0.1"].answer = None
    lost = []

    def loses(message):
        if message.get(b"expires") == b"0" and len(lost) < 2:
            lost.append(message)
            return "silent"
        return learned.well(message)

    learned.answer = loses
    back_home(story)
    story.run(2000)
    assert len(lost) == 2 and not learned.bound, "two datagrams were lost, the third took it back"
    assert [one.label for one in story.all.list] == ["1"]


def test_a_home_that_dies_during_the_return_is_left_for_where_the_phone_is_going():
    story = registered(timers={"return_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = lambda message: "silent" if message.method == "REGISTER" else 200
    story.until(lambda: story.all._home.state == BACK, 10 * MINUTE)
    b.answer = "silent"
    story.run(8000)
    assert story.all.home in story.all.list
    a.answer = None
    story.until(lambda: story.all._home.state == HERE and story.all.registered and a.bound, 2 * MINUTE)


def test_a_manager_that_says_something_else_each_time_fills_no_memory():
    telling = Telling(None, None, None, None)
    telling.counts = {}
    for status in range(200, 700):
        telling.count("REGISTER", str(status))
        telling.count("OPTIONS", str(status))
    assert len(telling.counts) == COUNTS_MAX + 1
    assert sum(telling.counts.values()) == 1000 and telling.counts[OTHERS] == 1000 - COUNTS_MAX
    telling.count("REGISTER", "200")
    assert telling.counts["REGISTER 200"] == 2


def test_a_flood_of_requests_is_not_read_and_answers_are():
    story = registered()
    a = story.servers["10.0.0.1"]
    read = []

    def reads(data):
        read.append(data)
        return READ(data)

    sip.read = reads
    try:
        odd = story.all.odd
        for number in range(1000):
            story.all.receive(Datagram(FLOOD % number, ("10.0.0.1", 5060), story.all.port), story.now)
        assert len(read) == REQUESTS and story.all.odd == odd + 1000 - REQUESTS
        story.all.receive(Datagram(b"SIP/2.0 200 OK\r\n\r\n", ("10.0.0.1", 5060), story.all.port), story.now)
        for number in range(1000):
            story.all.receive(Datagram(FLOOD % number, ("10.9.9.9", 5060), story.all.port), story.now)
        assert len(read) == REQUESTS + 1 + STRANGE, "an answer may be the one that is waited for"
        for _ in range(100):
            forged = Datagram(b"SIP/2.0 200 OK\r\n\r\n", ("10.9.9.9", 5060), story.all.port)
            story.all.receive(forged, story.now)
        assert len(read) == REQUESTS + 1 + STRANGE, "but not one of a stranger's, who was asked nothing"
        story.run(1000)
        for number in range(1000):
            story.all.receive(Datagram(FLOOD % number, ("10.9.9.9", 5060), story.all.port), story.now)
        del read[:]
        story.all.receive(Datagram(FLOOD % 1000, ("10.0.0.1", 5060), story.all.port), story.now)
        assert len(read) == 1, "no stranger takes the room of managers"
    finally:
        sip.read = READ
    assert story.all.registered and a.bound
