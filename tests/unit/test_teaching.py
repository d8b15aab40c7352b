"""core/teaching.py: whose word on backups is taken (docs/pointers.md), and what an attacker gains."""

from runner import Skip

from phone.config import check
from phone.core import learned
from phone.core.journal import Journal
from phone.core.pointers import Book
from phone.core.teaching import SAID_BURST, SAID_EVERY_MS, SURE_BURST, Teaching
from phone.core.wall import BUILT, Wall
from phone.phrases import plain
from phone.wire.pointer_set import KEEPALIVE, PUSH, Seal, canonical, read, sign

KEY = "correct horse battery"
NOW = 1790000000  # unix seconds at 0 ms
B, C = "<http://b.example/menu>", "<http://c.example/menu>"
SERVICE = ";purpose=backup-service"
MANAGER = "<sip:10.0.0.3:5060>;purpose=backup-call-manager"
NONE = "<urn:everline:none>;purpose=backup-service"


class Message:
    def __init__(self, *values, status=200):
        self.status = status
        self._values = [value.encode() for value in values]

    def all(self, name):
        assert name == b"call-info"
        return self._values


class Raw(Message):
    def __init__(self, values):
        self.status, self._values = 200, values


class Flash:
    """What store.py does, at once; `writes` counts."""

    def __init__(self):
        self.ready = True
        self.hot, self.cold, self.writes, self.flushes = {}, {}, 0, 0

    def get(self, name):
        return self.hot.get(name)

    def put(self, name, data, now):
        assert len(data) <= 112
        self.hot[name] = data

    def flush(self, now):
        self.flushes += 1
        return []

    def write(self, name, make, now):
        self.writes += 1
        self.cold[name] = pieces = list(make())
        for place, piece in enumerate(make()):
            assert piece == pieces[place], "it is called twice"

    def drop(self, name, now):
        self.writes += 1
        self.cold.pop(name, None)

    def fetch(self, name, give, now):
        for piece in self.cold.get(name, ()):
            give(piece)
        give(None if name in self.cold else False)


class Scene:
    """A phone's teaching with all that it needs; `lines`: what the journal says."""

    def __init__(self, flash=None, known=True, now=0, **trust):
        raw = {"homes": [{"name": "A", "manager": "sip:10.0.0.1", "pointers": {"services": "http://a.example/"}},
                         {"name": "B", "manager": "sip:10.0.0.2"}],
               "sip": {"user": "1001"}, "pointers": trust}
        self.config, mistakes = check(raw)
        self.flash = flash or Flash()
        self.book, self.journal, self.wall = Book(self.config), Journal(), Wall(0, BUILT)
        if known:
            self.wall.learn(NOW + now // 1000, "sntp", now)
        self.teaching = Teaching(self.config, self.book, self.flash, self.journal, self.wall)
        self.pass_time(now)

    def pass_time(self, now):
        self.now = now
        return self.teaching.tick(now)

    def tell(self, *values, label="A", status=200):
        return self.teaching.answered(label, Message(*values, status=status), self.now)

    def push(self, *values, label="B"):
        return self.teaching.pushed(label, [value.encode() for value in values], self.now)[1]

    def again(self, **trust):
        """The phone loses its power and comes back."""
        return Scene(self.flash, self.wall.source != "", self.now, **trust)

    @property
    def hosts(self):
        return [pointer.url.host.partition(".")[0] for pointer in self.book.of("services")]

    @property
    def lines(self):
        return [plain(said) for _, said in self.journal.lines]


def signed(number, *values, key=KEY, until=NOW + 1000, source=KEEPALIVE):
    found = read([value.encode() for value in values], "backup-service")
    seal = Seal(str(number), str(until), "")
    mac = sign(key.encode(), canonical(source, seal, found.pointers))
    value = "<urn:everline:set>;purpose=backup-signature;seq=%d;until=%d;mac=%s"
    return values + (value % (number, until, mac),)


# --- what is taken -----------------------------------------------------------------------------------


def test_an_answer_teaches_and_the_next_one_takes_its_place():
    scene = Scene()
    scene.tell(B + SERVICE + ";q=0.4", C + SERVICE + ";q=0.8", MANAGER)
    assert scene.hosts == ["a", "c", "b"] and scene.teaching.managers == [(1000, "sip:10.0.0.3:5060")]
    assert scene.teaching.changed
    assert scene.lines == ["A tells of backups: sip:10.0.0.3:5060, c.example, b.example."]
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"] and scene.teaching.managers == [], "the set is whole"


def test_an_answer_without_pointers_changes_nothing():
    scene = Scene()
    scene.tell(B + SERVICE)
    scene.tell()
    scene.tell("<http://x.example/>;purpose=icon")
    assert scene.hosts == ["a", "b"]


def test_only_a_2xx_teaches():
    scene = Scene()
    for status in (100, 180, 301, 401, 423, 503, 0):
        scene.tell(B + SERVICE, status=status)
    assert scene.hosts == ["a"]
    scene.tell(B + SERVICE, status=202)
    assert scene.hosts == ["a", "b"]


def test_everything_can_be_taken_back():
    scene = Scene()
    scene.tell(B + SERVICE, MANAGER)
    scene.tell(NONE)
    assert scene.hosts == ["a"] and not scene.teaching.managers and not scene.flash.cold
    assert scene.lines[-1] == "A takes its backups back."


def test_the_same_words_cost_nothing():
    scene = Scene()
    for turn in range(1000):
        scene.pass_time(turn * 30000)
        scene.tell(B + SERVICE, MANAGER)
    assert scene.flash.writes == 1 and len(scene.lines) == 1
    scene.tell(B + SERVICE + ";x=y", MANAGER)  # other words, the same meaning
    assert scene.flash.writes == 1 and len(scene.lines) == 1


def test_two_managers_that_disagree():
    """The current home's word counts; what the one before told stays until the new one says otherwise."""
    scene = Scene()
    scene.tell(B + SERVICE, label="A")
    scene.tell(label="B")
    assert scene.hosts == ["a", "b"], "B says nothing of backups"
    scene.tell(C + SERVICE, label="B")
    assert scene.hosts == ["a", "c"], "now it does"
    scene.tell(C + SERVICE, label="A")
    assert scene.hosts == ["a", "c"] and len(scene.lines) == 2, "they agree"


def test_what_one_pointer_may_be():
    for value, why in (
        ("<ftp://b/>" + SERVICE, "pointers.schemes does not allow its scheme"),
        ("<https://b/>;purpose=backup-call-manager", "pointers.schemes does not allow its scheme"),
        ("<sip:10.0.0.3>" + SERVICE, "pointers.schemes does not allow its scheme"),
        ("<sips:10.0.0.3>;purpose=backup-call-manager", "pointers.schemes does not allow its scheme"),
        ("<http://b/%s>" % ("x" * 200) + SERVICE, "it is longer than 200 bytes"),
        ("<sip:%s>;purpose=backup-call-manager" % ("x" * 90), "it is longer than 200 bytes"),
        ("<http://[::1]/>" + SERVICE, "its address cannot be used"),
        ("<http://u:p@b/>" + SERVICE, "its address cannot be used"),
        ("<http://b.local/>" + SERVICE, "its address cannot be used"),
        ("<http://239.1.1.1/>" + SERVICE, "its address cannot be used"),
        ("<sip:0.0.0.0>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:255.255.255.255>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:1001@10.0.0.3>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:10.0.0.3;transport=tcp>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:10.0.0.3#x>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:10.0.0.3/x>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:10.0.0.3:0>;purpose=backup-call-manager", "its address cannot be used"),
        ("<sip:>;purpose=backup-call-manager", "its address cannot be used"),
        (B + SERVICE + ";service=idle", "the phone has no such service"),
        (B + SERVICE + ";q=2", "its q, expires or spread is no number that can be"),
        (B + SERVICE + ";q=nan", "its q, expires or spread is no number that can be"),
        (B + SERVICE + ";q=-0", "its q, expires or spread is no number that can be"),
        (B + SERVICE + ";expires=-1", "its q, expires or spread is no number that can be"),
        (B + SERVICE + ";expires=99999999999", "its q, expires or spread is no number that can be"),
        (B + SERVICE + ";spread=x", "its q, expires or spread is no number that can be"),
    ):
        scene = Scene()
        scene.tell(C + SERVICE)
        scene.tell(value)
        assert scene.hosts == ["a", "c"], "%s: nobody is forgotten for its sake" % value
        assert scene.lines[1:] == ["A backup that A tells is not taken: %s." % why], value
        assert plain(scene.teaching.refused) == why
        scene.tell(value, B + SERVICE)
        assert scene.hosts == ["a", "b"], "the others of the set count"
        assert len(scene.lines) == 3, "and it is said once"


def test_schemes_and_hosts_by_the_configuration():
    scene = Scene(schemes=["https"], hosts=["b.example", "10.0.0.3"])
    scene.tell(B + SERVICE, MANAGER, "<https://b.example/>" + SERVICE, "<https://c.example/>" + SERVICE,
               "<sip:10.0.0.4>;purpose=backup-call-manager")
    assert scene.book.of("services")[1].url.scheme == "https" and scene.hosts == ["a", "b"]
    assert scene.teaching.managers == [(1000, "sip:10.0.0.3:5060")]


def test_another_purpose_by_the_configuration():
    scene = Scene(purpose="X-Ward")
    scene.tell(B + SERVICE, C + ";purpose=x-ward")
    assert scene.hosts == ["a", "c"]


def test_eight_pointers_of_each_source():
    scene = Scene()
    scene.tell(*["<http://k%d/>;purpose=backup-service" % n for n in range(12)])
    assert scene.hosts == ["a"] + ["k%d" % n for n in range(8)]
    assert scene.lines[0] == "A backup that A tells is not taken: there are more than 8."
    for number in range(12):
        assert scene.push("<http://p%d/>;purpose=backup-service" % number) == "services"
    assert scene.hosts[:10] == ["p%d" % n for n in range(11, 3, -1)] + ["a", "k0"]


def test_learned_managers_by_q_without_those_of_the_configuration():
    scene = Scene()
    addresses = "10.0.0.4", "M.Example", "10.0.0.1:5060", "10.0.0.2"
    scene.tell(*["<SIP:%s>;purpose=backup-call-manager;q=.%d" % (one, n) for n, one in enumerate(addresses)])
    assert scene.teaching.managers == [(100, "sip:m.example"), (0, "sip:10.0.0.4:5060")]


def test_the_spread_of_a_set():
    scene = Scene()
    assert scene.teaching.spread_ms == 30000
    scene.tell(B + SERVICE + ";spread=5", C + SERVICE + ";spread=12")
    assert scene.teaching.spread_ms == 12000
    scene = scene.again()
    assert scene.teaching.spread_ms == 12000, "a boot after a power cut is what it is for"
    scene.tell(B + SERVICE + ";spread=99999")
    assert scene.teaching.spread_ms == 600000
    scene.tell(B + SERVICE + ";spread=0")
    assert scene.teaching.spread_ms == 0
    scene.tell(B + SERVICE)
    assert scene.teaching.spread_ms == 30000


# --- how long it counts ------------------------------------------------------------------------------


def test_what_expires_goes_unless_it_is_told_again():
    scene = Scene()
    scene.tell(B + SERVICE + ";expires=60", C + SERVICE)
    for now in (30000, 60000, 90000):
        scene.pass_time(now)
        scene.tell(B + SERVICE + ";expires=60", C + SERVICE)
    assert scene.teaching.deadline() == 150000 and len(scene.lines) == 1
    scene.pass_time(149999)
    assert scene.hosts == ["a", "b", "c"]
    scene.pass_time(150000)
    assert scene.hosts == ["a", "c"] and scene.lines[-1] == "What was told of backups has expired: b.example."
    scene.tell(B + SERVICE + ";expires=60", C + SERVICE)
    assert scene.hosts == ["a", "b", "c"], "told again it counts again"
    scene.tell(B + SERVICE + ";expires=0", C + SERVICE)
    assert scene.hosts == ["a", "c"]


def test_what_expires_goes_where_there_was_no_room_for_it_at_first():
    scene = Scene()
    scene.tell(B + SERVICE + ";expires=60")
    teach = scene.book.teach

    def fails(*what):
        scene.book.teach = teach
        raise MemoryError

    scene.book.teach = fails
    try:
        scene.pass_time(60000)
    except MemoryError:
        pass
    scene.pass_time(60001)
    assert scene.hosts == ["a"], "or it would be asked until something else is told"


def test_a_push_counts_an_hour_and_a_day_at_most():
    for words, seconds in (("", 3600), (";expires=60", 60), (";expires=9999999", 86400)):
        scene = Scene()
        assert scene.push(B + SERVICE + words) == "services" and scene.hosts == ["b", "a"]
        scene.pass_time(seconds * 1000 - 1)
        assert scene.hosts == ["b", "a"]
        scene.pass_time(seconds * 1000)
        assert scene.hosts == ["a"]


def test_a_push_names_the_service_to_be_shown_and_no_managers():
    scene = Scene()
    assert scene.push(MANAGER, B + SERVICE + ";service=messages", C + SERVICE + ";q=0.1") == "messages"
    assert scene.hosts == ["c", "a"] and scene.book.of("messages")[0].url.host == "b.example"
    assert scene.teaching.managers == [] and plain(scene.teaching.refused) == "a push names no call managers"
    assert scene.push("<http://x/>;purpose=icon") == "" and scene.teaching.refused
    assert scene.push(NONE) == "" and scene.hosts == ["a"] and not scene.flash.cold


def test_all_of_it_outlives_a_loss_of_power():
    scene = Scene()
    scene.tell(B + SERVICE + ";q=0.2", MANAGER + ";q=0.7")
    scene.push(C + SERVICE)
    scene.pass_time(1000)
    scene = scene.again()
    assert scene.hosts == ["c", "a", "b"] and scene.teaching.managers == [(700, "sip:10.0.0.3:5060")]
    assert scene.teaching.changed and scene.lines == []
    writes = scene.flash.writes
    scene.tell(B + SERVICE + ";q=0.2", MANAGER + ";q=0.7")
    assert scene.flash.writes == writes and scene.lines == [], "the same again is nothing new"
    scene.pass_time(3601000)
    assert scene.hosts == ["a", "b"], "the push expired as it would have"


def test_a_date_that_passed_while_the_phone_was_off():
    scene = Scene()
    scene.push(C + SERVICE)
    scene.now = 4000000
    assert scene.again().hosts == ["a"]
    off = Scene(scene.flash, known=False)
    assert off.hosts == ["a"], "the flash was cleared"


def test_dates_wait_until_the_time_is_known():
    scene = Scene()
    scene.push(C + SERVICE)
    scene = Scene(scene.flash, known=False)
    assert scene.hosts == ["c", "a"]
    scene.wall.learn(NOW + 3600, "sntp", 5000)
    scene.pass_time(5000)
    assert scene.hosts == ["a"]


def test_without_the_time_what_lasts_begins_anew_with_the_power():
    scene = Scene(known=False)
    scene.push(C + SERVICE + ";expires=60")
    scene.pass_time(50000)
    scene = scene.again()
    scene.pass_time(109999)
    assert scene.hosts == ["c", "a"]
    scene.pass_time(110000)
    assert scene.hosts == ["a"]


def test_what_lasts_long_is_renewed_on_the_flash_now_and_then():
    scene = Scene()
    for minute in range(24 * 60):
        scene.pass_time(minute * 60000)
        scene.tell(B + SERVICE + ";expires=7200")
    assert scene.flash.writes == 24
    assert scene.again().hosts == ["a", "b"]
    scene = Scene()
    for minute in range(24 * 60):
        scene.pass_time(minute * 60000)
        scene.tell(B + SERVICE + ";expires=300")
    assert scene.flash.writes == 1, "what is short is told anew soon enough"


def test_what_the_flash_has_is_judged_by_the_configuration_of_today():
    scene = Scene()
    scene.tell(B + SERVICE, MANAGER, "<https://c.example/>" + SERVICE)
    assert scene.again(hosts=["b.example"]).hosts == ["a", "b"]
    assert scene.again(schemes=["https"]).hosts == ["a", "c"]
    assert scene.again(signed="require", key=KEY).hosts == ["a"], "it was not signed"


def test_the_home_comes_back():
    scene = Scene()
    for homing, home in ((learned.Homing(1, NOW, 240, 1, "", "A was silent."), 1),
                         (learned.Homing(2, NOW, 240, 1, "sip:10.0.0.3:5060", "A was silent."), 2)):
        scene.flash.hot[learned.HOME] = learned.pack_home(homing, scene.config.homes)
        back = scene.again()
        assert back.book.home == home and back.teaching.homing == homing
        assert back.hosts == ["a"]


def test_nothing_is_taken_before_the_flash_was_read():
    flash = Flash()
    flash.ready = False
    scene = Scene(flash)
    scene.tell(B + SERVICE)
    assert scene.push(B + SERVICE) == "" and scene.hosts == ["a"] and not scene.teaching.ready
    flash.ready = True
    scene.pass_time(1)
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"]


# --- signatures --------------------------------------------------------------------------------------


def test_a_signed_set_is_taken_and_an_unsigned_one_is_not():
    scene = Scene(key=KEY, signed="require")
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a"]
    assert scene.lines == ["What A tells of backups is refused: they are not signed."]
    scene.tell(*signed(17, B + SERVICE, MANAGER))
    assert scene.hosts == ["a", "b"] and scene.teaching.managers
    assert scene.push(C + SERVICE) == ""
    assert scene.push(*signed(1, C + SERVICE, source=PUSH)) == "services" and scene.hosts == ["c", "a", "b"]


def test_whatever_is_changed_in_a_signed_set_is_seen():
    good = signed(17, B + SERVICE + ";q=0.5;expires=60;spread=7;service=services", MANAGER)
    scene = Scene(key=KEY)
    for old, new in (("b.example", "evil.example"), ("q=0.5", "q=0.6"), ("expires=60", "expires=61"),
                     ("spread=7", "spread=8"), ("service=services", "service=directory"), (";q=0.5", ""),
                     ("seq=17", "seq=18"), ("until=179", "until=189"), ("10.0.0.3", "10.0.0.4"),
                     ("backup-call-manager", "backup-service"), ("mac=", "mac=0"), (";mac=", ";x="),
                     (";seq=17", ""), (";until=1790001000", "")):
        bad = [value.replace(old, new) for value in good]
        assert bad != list(good)
        scene.tell(*bad)
        assert scene.hosts == ["a"] and plain(scene.teaching.refused) == "the signature is wrong", new
    scene.tell(*(good[:1] + good[2:]))
    assert scene.hosts == ["a"], "one was left out"
    scene.tell(*(good + (C + SERVICE,)))
    assert scene.hosts == ["a"], "one was put in"
    assert scene.push(*good) == "", "what is signed for keep-alives is no push"
    assert len(scene.lines) == 2, "it is said once, of A and of B"
    scene.tell(*reversed(good))
    assert scene.hosts == ["a", "b"], "the order says nothing"


def test_prefer_takes_unsigned_sets_until_it_saw_a_good_one_and_then_never_again():
    scene = Scene(key=KEY)
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"], "nobody signs yet"
    scene.tell(*signed(17, C + SERVICE))
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "c"] and plain(scene.teaching.refused) == "they are not signed"
    scene.pass_time(1000000)
    assert scene.hosts == ["a"], "the signed set has expired"
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a"], "who waits gains nothing"
    scene = scene.again(key=KEY)
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a"], "nor who cuts the power"
    scene = scene.again(key=KEY + "!")
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"], "another key is another beginning"


def test_off_looks_at_no_signature():
    scene = Scene(key=KEY, signed="off")
    scene.tell(*[value.replace("seq=17", "seq=16") for value in signed(17, B + SERVICE)])
    assert scene.hosts == ["a", "b"]


def test_without_a_key_require_takes_nothing():
    scene = Scene(signed="require")
    scene.tell(*signed(17, B + SERVICE))
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a"] and plain(scene.teaching.refused) == "the phone has no key to verify them"
    scene = Scene(signed="prefer")
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"]


def test_a_replay_is_refused_also_after_a_power_cut():
    scene = Scene(key=KEY)
    old, new = signed(17, B + SERVICE), signed(18, C + SERVICE)
    scene.tell(*old)
    scene.tell(*new)
    for _ in range(3):
        scene.tell(*old)
        assert scene.hosts == ["a", "c"]
        assert plain(scene.teaching.refused) == "number 17 comes after number 18"
        scene.tell(*new)
        assert scene.hosts == ["a", "c"] and not scene.teaching.refused
    assert len(scene.lines) == 3
    scene = scene.again(key=KEY)
    scene.tell(*old)
    assert scene.hosts == ["a", "c"]
    assert scene.lines == ["What A tells of backups is refused: number 17 comes after number 18."]
    scene.tell(*signed(18, B + SERVICE))
    assert scene.hosts == ["a", "c"] and plain(scene.teaching.refused) == "number 18 was used before"
    scene.flash.cold.clear()
    scene = scene.again(key=KEY)
    scene.tell(*new)
    assert scene.hosts == ["a", "c"], "the same number with the same signature is the same set"


def test_a_new_number_is_stored_at_once_unless_there_were_many():
    scene = Scene(key=KEY)
    scene.tell(B + SERVICE)
    assert scene.flash.flushes == 0, "nobody signed it"
    for _ in range(3):
        scene.tell(*signed(1, B + SERVICE))
        scene.tell(MANAGER, *signed(1, B + SERVICE))  # it is refused
    assert scene.flash.flushes == 1
    for minute in range(24 * 60):
        scene.pass_time(minute * 60000)
        scene.tell(*signed(2 + minute, B + SERVICE, until=NOW + 99999))
        scene.push(*signed(2 + minute, C + SERVICE, source=PUSH, until=NOW + 99999))
    assert SURE_BURST <= scene.flash.flushes <= SURE_BURST + 24 * 6


def test_a_manager_that_has_an_older_set_changes_nothing():
    scene = Scene(key=KEY)
    scene.tell(*signed(18, B + SERVICE), label="A")
    scene.tell(*signed(17, C + SERVICE), label="B")
    assert scene.hosts == ["a", "b"]


def test_pushes_count_by_themselves_and_each_once():
    scene = Scene(key=KEY)
    scene.tell(*signed(100, B + SERVICE))
    push = signed(5, C + SERVICE, source=PUSH)
    assert scene.push(*push) == "services"
    assert scene.push(*push) == "" and plain(scene.teaching.refused) == "number 5 was used before"
    assert scene.push(*signed(4, C + SERVICE, source=PUSH)) == ""
    scene = scene.again(key=KEY)
    assert scene.push(*push) == "" and scene.push(*signed(6, C + SERVICE, source=PUSH)) == "services"


def test_an_expired_set_is_refused_and_one_that_expires_goes():
    scene = Scene(key=KEY)
    scene.tell(*signed(17, B + SERVICE, until=NOW))
    assert scene.hosts == ["a"] and scene.lines == ["What A tells of backups is refused: they have expired."]
    scene.tell(*signed(17, B + SERVICE, until=NOW + 60))
    assert scene.hosts == ["a", "b"], "an expired set uses up no number"
    for now in (30000, 59999):
        scene.pass_time(now)
        scene.tell(*signed(17, B + SERVICE, until=NOW + 60))
        assert scene.hosts == ["a", "b"]
    scene.pass_time(60000)
    scene.tell(*signed(17, B + SERVICE, until=NOW + 60))
    assert scene.hosts == ["a"]
    scene.tell(*signed(18, B + SERVICE, until=NOW + 99999))
    assert scene.hosts == ["a", "b"]


def test_without_the_time_the_number_alone_decides_and_the_journal_says_so():
    scene = Scene(known=False, key=KEY)
    scene.tell(*signed(17, B + SERVICE, until=NOW + 60))
    assert scene.hosts == ["a", "b"]
    assert scene.lines == ["A tells of backups: b.example. Signed, number 17. "
                           "Without the time nobody knows when it ends."]
    scene.tell(*signed(16, C + SERVICE, until=NOW + 60))
    assert scene.hosts == ["a", "b"]
    scene.wall.learn(NOW + 61, "sip", 1000)
    scene.pass_time(1000)
    assert scene.hosts == ["a"] and scene.lines[-1] == "What was told of backups has expired: b.example."


def test_a_clock_that_is_put_right_has_the_same_words_judged_anew():
    scene = Scene(known=False, key=KEY)
    scene.wall.learn(NOW + 5000, "http", 0)
    scene.tell(*signed(17, B + SERVICE))
    assert scene.hosts == ["a"] and plain(scene.teaching.refused) == "they have expired"
    scene.wall.learn(NOW, "sntp", 0)
    scene.tell(*signed(17, B + SERVICE))
    assert scene.hosts == ["a", "b"]


def test_what_ended_before_the_last_known_time_has_expired():
    scene = Scene(known=False, key=KEY)
    scene.wall.know(NOW + 61, 0)
    scene.tell(*signed(17, B + SERVICE, until=NOW + 60))
    assert scene.hosts == ["a"]


def test_two_signatures_while_a_site_changes_its_key():
    other = "another key of sixteen"
    both = signed(17, B + SERVICE) + signed(3, B + SERVICE, key=other)[1:]
    for key in (KEY, other):
        scene = Scene(key=key, signed="require")
        scene.tell(*both)
        assert scene.hosts == ["a", "b"]
    scene = Scene(key=KEY, signed="require")
    scene.tell(*(both + both[1:]))
    assert scene.hosts == ["a"], "more than two are too many"


# --- a full heap ---


def full(scene):
    """The book has no room, once."""
    teach = scene.book.teach

    def fails(source, taught, now):
        scene.book.teach = teach
        raise MemoryError

    scene.book.teach = fails


def test_a_set_for_which_there_was_no_room_is_judged_again():
    scene = Scene()
    full(scene)
    try:
        scene.tell(B + SERVICE)
    except MemoryError:
        assert scene.hosts == ["a"]
    scene.tell(B + SERVICE)
    assert scene.hosts == ["a", "b"] and scene.flash.writes == 1


def test_what_the_flash_has_is_read_again_where_there_was_no_room():
    flash = Flash()
    flash.ready = False
    scene = Scene()
    scene.tell(B + SERVICE)
    flash.cold = scene.flash.cold
    scene = Scene(flash)
    flash.ready = True
    full(scene)
    try:
        scene.pass_time(1)
    except MemoryError:
        assert not scene.teaching.ready
    scene.pass_time(2)
    assert scene.teaching.ready and scene.hosts == ["a", "b"]


# --- attacks -----------------------------------------------------------------------------------------


def test_a_manager_that_tells_something_else_each_time_fills_nothing():
    scene = Scene()
    least = len(scene.book._health)
    for turn in range(2880):  # a day
        scene.pass_time(turn * 30000)
        values = ["<http://h%d-%d.example/%s>%s" % (turn, n, "x" * 100, SERVICE) for n in range(8)]
        scene.tell(*values)
        assert len(scene.hosts) == 9 and scene.hosts[0] == "a"
    assert len(scene.book._health) == least + 8
    assert len(scene.lines) <= 2 * (SAID_BURST + 24)
    assert any("sentences on backups were left out" in text for text in scene.lines)
    assert sum([len(piece) for piece in scene.flash.cold[learned.LEARNED]]) < 2500


def test_no_byte_of_a_signed_set_can_be_changed_to_anybodys_use():
    good = signed(17, "<http://b.example/>;purpose=backup-service;q=0.5;expires=60", MANAGER)
    good = ",".join(good).encode()
    scene, seed = Scene(key=KEY, signed="require"), 1
    for place in range(len(good)):
        bad = bytearray(good)
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        bad[place] = (b'<>";=,: 0aZ\r\n\t\0\xff')[seed >> 12 & 15]
        values = bytes(bad).split(b",")
        scene.teaching.answered("A", Raw(values), 0)
        known = [(p.url.host, p.url.port, p.q) for p in scene.book.of("services")[1:]]
        assert known in ([], [("b.example", 80, 500)]), bad
        assert scene.teaching.managers in ([], [(1000, "sip:10.0.0.3:5060")])


def test_a_manager_that_is_refused_for_something_else_each_time_is_quoted_seldom():
    scene = Scene()
    for turn in range(2880):
        scene.pass_time(turn * 30000)
        scene.tell(("<ftp://h%d/>" if turn % 2 else "<http://h%d.local/>") % turn + SERVICE)
    assert len(scene.lines) <= 2 * (SAID_BURST + 24) and SAID_EVERY_MS == 3600000


def test_no_text_of_theirs_stays_in_the_heap():
    """MicroPython keeps each str that became a name of the program for ever: none does."""
    import gc

    if not hasattr(gc, "mem_alloc"):
        raise Skip("only MicroPython tells how full the heap is")
    scene, used = Scene(), []
    for turn in range(600):
        scene.now = turn * 30000
        host = "h%d-%s.example" % (turn, "x" * (turn % 40))
        scene.tell("<http://%s/>;purpose=backup-service;q=0.%d;x%d=y%d" % (host, turn, turn, turn),
                   "<sip:m%d.example>;purpose=backup-call-manager" % turn)
        scene.push("<http://p%d.example/>;purpose=backup-service" % turn)
        if turn in (299, 599):
            gc.collect()
            used.append(gc.mem_alloc())
    assert used[1] - used[0] < 3000, used
