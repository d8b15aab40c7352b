"""core/manager.py, calling.py: who the phone says it is, passwords, and for how long it registers."""

from managed import MINUTE, Story, registered

from phone.checks_sip import Sip

HEAP = "256wK"  # the whole of SIP is compiled, which a phone never does


class Bare:
    """A configuration without the password."""

    def __init__(self, config):
        self.homes = config.homes
        self.sip = Sip(*[value if value != "secret" else "" for value in config.sip])


def test_an_old_nonce_is_no_wrong_password_and_a_fresh_one_is():
    story = registered()
    a = story.servers["10.0.0.1"]
    a.nonce = "n2"  # restarted
    story.run(2 * MINUTE)
    assert story.all.home.number == 0 and story.all.registered and len(story.said()) == 1
    a.taken = False
    a.nonce = "n3"
    since = story.now
    story.until(lambda: story.all.home.number == 1, 61000)
    assert len(a.of("REGISTER", since)) == 2, "with the old nonce, and with the fresh one"
    assert story.heard("1 refuses the phone's password.") == 1
    since = story.now
    story.run(149000)
    assert not a.asked or not [1 for at, _ in a.asked if at > since], "left alone for a while"
    story.run(20 * MINUTE)
    assert story.heard("1 refuses the phone's password.") <= 8
    assert len(a.of("REGISTER", since)) < 10


def test_who_has_no_password_and_is_asked_for_one_is_told_so_and_when_the_next_try_is():
    story = Story("10.0.0.1")
    story.servers["10.0.0.1"].taken = False
    story.all.config = Bare(story.all.config)
    story.until(lambda: story.heard("No call manager takes the phone."), 31000)
    assert story.heard("1 asks for a password, and the phone has none.") == 1
    seat = story.all.list[0]
    assert story.all.course.due == seat.not_before > story.now + 30000, "it is not asked before"
    assert not story.heard(" ms."), "nor is anything else said"


def test_a_longer_interval_is_obeyed():
    story = Story("10.0.0.1")
    a = story.servers["10.0.0.1"]
    short = (423, [("Min-Expires", "600")])
    a.answer = lambda message: short if message.get(b"expires") == b"120" else a.well(message)
    story.until(lambda: story.all.registered, 31000)
    assert a.of("REGISTER")[-1].get(b"expires") == b"600"
    a.answer = (423, [("Min-Expires", "60")])  # nonsense
    story.until(lambda: not story.all.registered, 2 * MINUTE)
    assert story.heard("refuses the phone (423)") == 1


def test_who_grants_nothing_has_not_registered_the_phone():
    story = Story("10.0.0.1", "10.0.0.2")
    a = story.servers["10.0.0.1"]

    def nothing(message):
        status, fields = a.well(message)
        contact = str(message.get(b"contact"), "ascii")
        return (200, [("Contact", contact + ";expires=0")]) if status == 200 and fields else (status, fields)

    a.answer = nothing
    story.until(lambda: story.all.registered, 31000)
    assert story.all.home.number == 1 and story.heard("1 refuses the phone (200).") == 1
    story.run(2 * MINUTE)
    assert len(a.of("REGISTER")) == 2, "it was asked every two seconds"


def test_a_nonce_that_is_good_once_is_no_wrong_password_after_a_longer_interval():
    story = Story("10.0.0.1")
    a = story.servers["10.0.0.1"]

    def once(message):
        status, fields = a.well(message)
        if status == 200:
            a.nonce += "1"
            if message.get(b"expires") == b"120":
                return 423, [("Min-Expires", "600")]
        return status, fields

    a.answer = once
    story.until(lambda: story.all.registered, 31000)
    assert len(a.asked) == 4 and story.said()[1:] == ["Registered at 1."]


def test_a_domain_stands_in_the_address_of_record():
    story = registered("10.0.0.1", domain="ward.example", auth_user="u7")
    register = story.servers["10.0.0.1"].of("REGISTER")[-1]
    assert register.uri == "sip:ward.example" and register.get(b"to") == b"<sip:1001@ward.example>"
    given = register.get(b"authorization")
    assert b'username="u7"' in given and b'uri="sip:ward.example"' in given


def test_a_poll_gives_no_password_away_and_takes_any_answer_for_a_life():
    story = Story("10.0.0.1", "10.0.0.2")
    b = story.servers["10.0.0.2"]
    b.answer = (401, [("WWW-Authenticate", 'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"')])
    story.run(5 * MINUTE)
    assert len(b.asked) <= 11 and not [1 for _, message in b.asked if message.get(b"authorization")]
    assert story.all.list[1].well
