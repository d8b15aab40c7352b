"""core/taste.py and the settings pages on which something is chosen: at once, and kept."""

from ui_fakes import large

from phone.core import choices, settings
from phone.core.taste import RECORD, Taste
from phone.core.trouble import seconds
from phone.events import Light, Link, Restart
from phone.phrases import plain
from phone.records import name_and_url


class Store:
    """What Taste asks of core/store.py."""

    def __init__(self, data=None):
        self.ready = False
        self.settled = True
        self.data = data
        self.puts = 0
        self.flushed = 0

    def get(self, name):
        assert name == RECORD and self.ready
        return self.data

    def put(self, name, data, now):
        assert name == RECORD and len(data) <= 16
        self.data = data
        self.puts += 1
        return True

    def flush(self, now):
        self.flushed += 1
        return ["flushed"]


def started(data=None, language="en"):
    """(Taste, Store, effects) of a phone whose flash has `data`."""
    store = Store(data)
    taste = Taste(store, language)
    assert taste.tick(0) == [] and taste.deadline() is None
    store.ready = True
    return taste, store, taste.tick(1)


def test_a_new_phone_is_bright_and_speaks_as_configured():
    taste, store, out = started(language="de")
    assert (taste.language, taste.light, out, store.puts) == ("de", 100, [], 0)


def test_what_was_chosen_comes_back():
    taste, store, _ = started(language="de")
    assert taste.choose_light(30, 5) == [Light(30)] and taste.light == 30
    again, _, out = started(store.data, "de")
    assert (again.light, again.language, out) == (30, "de", [Light(30)])
    again, _, _ = started(store.data, "fr")
    assert again.language == "fr", "nobody chose one: the configuration counts"
    assert taste.choose_language("es", 6) == [] and taste.language == "es"
    again, _, out = started(store.data, "fr")
    assert (again.light, again.language) == (30, "es"), "what a person chose counts more"
    assert taste.choose_language("fr", 7) == [] and started(store.data, "de")[0].language == "fr"


def test_a_choice_before_the_flash_was_read_stands():
    store = Store(b"de 20")
    taste = Taste(store, "en")
    taste.choose_light(60, 0)
    store.ready = True
    assert taste.tick(1) == [] and taste.light == 60


def test_a_choice_is_written_when_the_keys_rest():
    taste, store, _ = started()
    taste.choose_light(30, 1000)
    taste.choose_language("de", 2000)
    assert taste.deadline() == 5000
    taste.key(4000)
    assert taste.deadline() == 7000 and taste.tick(6999) == [] and not store.flushed
    assert taste.tick(7000) == ["flushed"] and taste.deadline() is None
    taste.key(8000)
    assert taste.deadline() is None and taste.tick(20000) == [] and store.flushed == 1


def test_choices_for_ever_are_left_to_the_pace_of_the_store():
    taste, store, _ = started()
    now = 1000
    for number in range(3600):  # a minute and twenty seconds apart, three days and eight hours
        taste.choose_light(10 + number % 10 * 10, now)
        now = taste.deadline()
        taste.tick(now)
        now += 77000
    assert taste.deadline() is None and store.puts == 3600
    assert store.flushed == 13, store.flushed


def test_a_strange_record_is_no_record():
    for data in (b"", b"xyz", b"de", b"de ", b"de x", b"de 0", b"de 5", b"de 101", b"de 99999999999999999",
                 b"\xff\xff 50", b"d\x00 50", b"- ", b"  ", bytes(range(128, 160))):
        taste, _, out = started(data)
        assert taste.light in (50, 100) and taste.language in ("en", "de"), data
        assert out in ([], [Light(50)]), data


def test_a_new_start_waits_for_the_flash():
    taste, store, _ = started()
    store.settled = False
    assert taste.restart("settings", 100) == ["flushed"] and taste.leaving and store.flushed == 1
    assert taste.tick(150) == [] and taste.deadline() == 3100
    store.settled = True
    assert taste.tick(200) == [Restart("settings")]
    assert taste.tick(201) == [] and taste.deadline() is None and not taste.leaving


def test_a_new_start_does_not_wait_for_ever():
    taste, store, _ = started()
    store.settled = False
    taste.restart("settings", 100)
    assert taste.tick(taste.deadline() - 1) == []
    assert taste.tick(taste.deadline()) == [Restart("settings")] and taste.deadline() is None


def own(taste, bars=None, up=True):
    net = Net()
    net.network = Link(up, "10.0.0.9", ("10.0.0.53",), bars)
    return settings.Own(Config(), ["a mistake."], None, net, None, None, None, None, taste, None, plain)


class Net:
    network = None


class Push:
    port = 0


class Config:
    label, name, dns, push = "Ward 3", "SEP001122334455", (), Push


def rows(record):
    return [name_and_url(item) for item in record.items]


def test_the_menu_leads_to_each_page():
    taste = started()[0]
    record, row = settings.page("settings", own(taste), 0)
    assert row == 0 and record.title == "Settings" and len(record.items) <= 9, "a digit chooses at once"
    for name, link in rows(record):
        if link not in ("servers", "journal", "drill"):
            page, _ = settings.page(link, own(taste), 0)
            assert page.title == name


def test_what_is_chosen_now_is_marked_and_selected():
    taste = started()[0]
    taste.choose_light(70, 0)
    record, row = settings.page("brightness", own(taste), 0)
    assert len(record.items) == 10 and row == 6
    assert rows(record)[0] == ("10%", "brightness/10") and rows(record)[9] == ("100%", "brightness/100")
    assert rows(record)[6] == ("70% \u2022", "brightness/70")
    record, row = settings.page("language", own(taste), 0)
    assert rows(record)[row] == ("English \u2022", "language/en") and len(record.items) == 4


def test_choosing():
    taste, store, _ = started()
    assert settings.choose("brightness", "40", own(taste), 0) == [Light(40)]
    assert settings.choose("language", "fr", own(taste), 0) == [] and taste.language == "fr"
    assert settings.choose("servers", "x", own(taste), 0) == []
    assert store.data == b"fr 40"
    for link in [link for _, link in rows(settings.page("brightness", own(taste), 0)[0])]:
        name, _, value = link.partition("/")
        assert settings.choose(name, value, own(taste), 0) == [Light(int(value))]


def test_restart_asks_and_then_says_so():
    taste, store, _ = started()
    record, _ = choices.page("restart", own(taste))
    assert "anew?" in record.paragraphs[0]
    assert [key.url for key in record.softkeys] == ["restart/now", "SoftKey:Back"]
    store.settled = False
    assert settings.choose("restart", "now", own(taste), 0) == ["flushed"]
    record, _ = choices.page("restart", own(taste))
    assert record.softkeys == () and "starts anew" in record.paragraphs[0]


def test_the_network_in_words():
    taste = started()[0]
    text = "\n".join(settings.page("network", own(taste), 0)[0].paragraphs)
    assert text == "Address: 10.0.0.9\nName servers of the network: 10.0.0.53\nConnected by cable."
    for bars, word in enumerate(("none", "weak", "fair", "good", "very good")):
        lines = settings.page("network", own(taste, bars), 0)[0].paragraphs
        assert lines[-1] == "Wi-Fi signal: %s (%d of 4)" % (word, bars)
    for port, address in ((80, "http://10.0.0.9/"), (8080, "http://10.0.0.9:8080/")):
        Push.port = port
        assert settings.page("network", own(taste), 0)[0].paragraphs[-1] == "Status page: " + address
    Push.port = 0
    lines = settings.page("network", own(taste, None, False), 0)[0].paragraphs
    assert lines == ("The phone has no network.",)


def test_ages_as_a_person_says_them():
    for ms, text in ((0, "0 ms"), (999, "999 ms"), (2500, "2.5 s"), (10000, "10 s"), (119999, "119 s"),
                     (120000, "2 min"), (7199999, "119 min"), (7200000, "2 h"), (172799999, "47 h"),
                     (172800000, "2 d")):
        assert plain(seconds(ms)) == text


class Words:
    """Another language: what runtime/words.py gives."""

    def __init__(self, texts):
        self.texts = texts
        self.closed = False

    def close(self):
        self.closed = True

    def find(self, text):
        return self.texts.get(text, text)

    def forget(self):
        self.texts = {}


def test_a_theme_speaks():
    theme = large()
    theme.speak("de")
    assert theme.say(("Back",)) == "Back", "without words it is English"
    german = Words({"Back": "Zurück|Zur.", "%d of %s": "%d von %s", "half": "halb"})
    theme.open_words = lambda code: german if code == "de" else None
    theme.speak("de")
    assert theme.say(("%d of %s", 1, ("half",))) == "1 von halb"
    assert theme.say(("%d of %s", 1, "half")) == "1 von half", "a str is a name, or somebody's own word"
    assert theme.say("Back") == "Back" and theme.say("") == "" and theme.say(("strange",)) == "strange"
    assert theme.say(("Back",)) == "Zurück"
    theme.compact = True
    assert theme.say(("Back",)) == "Zur." and theme.say(("half",)) == "halb"
    german.texts["%d of %s"] = "%d %s %d"  # a damaged file is no reason to stop
    assert theme.say(("%d of %s", 1, "2")) == "1 of 2"
    german.texts["%d of %s"] = "%q"
    assert theme.say(("%d of %s", 1, "2")) == "1 of 2"
    theme.forget()
    assert theme.say(("Back",)) == "Back", "it was told"
    for other in ("fr", "en"):
        german.closed = False
        theme.speak("de")
        theme.speak(other)
        assert german.closed and theme.say(("Back",)) == "Back" and theme.words is None
