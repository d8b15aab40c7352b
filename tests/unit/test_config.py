"""config.py: every mistake is named, and what is right is used."""

from phone import config

GOOD = {
    "identity": {"name": "SEP001122334455", "label": "Ward 3"},
    "homes": [
        {
            "name": "A",
            "manager": "sip:10.0.0.1:5060",
            "pointers": {"services": "http://a/menu.xml", "information": ["http://a/i", "http://a/j"]},
        },
        {"name": "B", "pointers": {"services": "http://b/menu.xml"}},
    ],
    "backups": {"services": ["http://c/menu.xml"]},
    "timers": {"rest_ms": 3000},
    "sip": {"user": "1001", "password": "secret1001"},
    "clock": {"utc_offset_minutes": -60},
}


def changed(**keys):
    raw = dict(GOOD)
    raw.update(keys)
    return config.check(raw)


def one(raw, path, word):
    """The configuration has one mistake, at that path, with that word in it."""
    found, mistakes = raw
    assert len(mistakes) == 1, mistakes
    assert mistakes[0].startswith(path + ":") and word in mistakes[0] and mistakes[0].endswith("."), mistakes
    return found


def test_a_good_configuration_has_no_mistakes():
    found, mistakes = config.check(GOOD)
    assert mistakes == []
    assert found.homes[0].pointers == (
        ("services", (("http://a/menu.xml", False),)),
        ("information", (("http://a/i", False), ("http://a/j", False))),
    )
    assert found.backups == (("services", (("http://c/menu.xml", False),)),)
    assert found.dns == () and found.search == ()
    assert found.timers["rest_ms"] == 3000 and found.timers["connect_ms"] == config.TIMERS["connect_ms"][0]
    assert found.utc_offset_minutes == -60
    assert found.language == "en" and config.check({"language": "de"})[0].language == "de"


def test_unknown_keys_are_named():
    one(changed(colour="red"), "colour", "no such key")
    one(changed(timers={"conect_ms": 5}), "timers.conect_ms", "connect_ms")
    one(
        changed(homes=[{"name": "A", "pointers": {"service": "http://a/"}}]),
        "homes[0].pointers.service",
        "services",
    )


def test_what_is_right_beside_a_mistake_is_used():
    found = one(changed(timers={"rest_ms": "soon", "connect_ms": 300}), "timers.rest_ms", "whole number")
    assert found.timers["connect_ms"] == 300 and found.timers["rest_ms"] == 10000
    found = one(changed(backups={"services": ["gopher://x/", "http://c/"]}), "backups.services[0]", "gopher")
    assert found.backups == (("services", (("http://c/", False),)),)


def test_every_mistake_has_its_path():
    one(changed(timers={"connect_ms": 1}), "timers.connect_ms", "between")
    one(changed(timers={"connect_ms": True}), "timers.connect_ms", "whole number")
    one(changed(timers=[]), "timers", "object")
    one(changed(identity={"name": "a b"}), "identity.name", "letters")
    one(changed(identity={"label": "x" * 40}), "identity.label", "longer")
    one(changed(identity={"label": "x\ny"}), "identity.label", "cannot be seen")
    one(changed(identity={"label": 7}), "identity.label", "quotation")
    one(changed(clock={"utc_offset_minutes": 2000}), "clock.utc_offset_minutes", "between")
    for wrong in ("nl", "", "EN", 1, None, ["de"], {}):
        assert one(changed(language=wrong), "language", "not one of en, de, fr, es").language == "en"
    one(changed(homes={}), "homes", "list")
    one(changed(homes=["A"]), "homes[0]", "object")
    one(
        changed(homes=[{"manager": "10.0.0.1", "pointers": {"services": "http://a/"}}]),
        "homes[0].manager",
        "SIP",
    )
    one(changed(backups={"services": 7}), "backups.services", "URL")
    one(changed(backups={"services": [7]}), "backups.services", "quotation")
    assert changed(backups={"services": ["https://c/"]})[1] == []
    one(changed(backups={"services": ["http://c/" + "x" * 2000]}), "backups.services", "longer")
    one(changed(backups={"services": ["http://c/"] * 9}), "backups.services", "more than 8")
    one(changed(homes=[{"name": "A", "pointers": {"services": "http://a/"}}] * 17), "homes", "more than 16")


def test_nothing_to_ask_is_a_mistake():
    one(config.check({}), "homes", "no pointer")


def test_no_shape_of_json_makes_it_raise():
    shapes = (
        None,
        0,
        -1.5,
        True,
        "x",
        "",
        [],
        [None],
        {},
        {"x": None},
        [[]],
        "http://h/",
        {"name": [], "pointers": 3},
    )
    for top in shapes:
        config.check(top)
        for key in GOOD:
            for inner in shapes:
                found, mistakes = changed(**{key: inner})
                assert isinstance(found.label, str) and found.name
                assert all(isinstance(mistake, str) for mistake in mistakes)
                for more in shapes:
                    changed(**{key: {"name": inner, "pointers": more, "services": more, "rest_ms": more}})
                    changed(homes=[inner, more])


def test_a_pointer_may_say_that_its_links_are_safe():
    raw = {"services": [{"url": "http://c/", "safe": True}, "http://d/", {"url": "http://e/"}]}
    found, mistakes = changed(backups=raw)
    assert mistakes == []
    assert found.backups == (("services", (("http://c/", True), ("http://d/", False), ("http://e/", False))),)
    assert changed(backups={"services": {"url": "http://c/"}})[1] == []
    one(changed(backups={"services": {"url": "http://c/", "safe": 1}}), "backups.services.safe", "true or")
    one(changed(backups={"services": {"safe": True}}), "backups.services", "url is missing")
    one(changed(backups={"services": {}}), "backups.services", "url is missing")
    one(changed(backups={"services": {"url": None}}), "backups.services", "quotation marks")
    one(changed(backups={"services": {"url": "http://c/", "save": True}}), "backups.services.save", "safe")
    one(changed(backups={"services": 7}), "backups.services", "quotation marks")


def test_name_servers_and_domains():
    found, mistakes = changed(dns={"servers": ["10.0.0.53", "127.0.0.1:5353"], "search": ["Ward.example"]})
    assert mistakes == [] and found.dns == (("10.0.0.53", 53), ("127.0.0.1", 5353))
    assert found.search == ("ward.example",)
    bads = ("dns.example", "10.0.0.53:", "10.0.0.53:0", "10.0.0.53:65536", "10.0.0.1:x", "", 53, None, ["x"])
    for bad in bads:
        assert one(changed(dns={"servers": [bad]}), "dns.servers", "IPv4").dns == ()
    for bad in ("", "a b", "10.0.0.1", "a:53", "a/b", 5, None):
        assert one(changed(dns={"search": [bad]}), "dns.search", "domain").search == ()
    one(changed(dns={"servers": "10.0.0.53"}), "dns.servers", "list")
    one(changed(dns={"servers": ["10.0.0.53"] * 4}), "dns.servers", "more than 3")
    one(changed(dns={"server": []}), "dns.server", "servers")


def test_names_of_multicast_dns_are_refused():
    raw = changed(backups={"services": ["http://printer.local/x", "http://c/"]})
    one(raw, "backups.services[0]", ".local")


def test_a_mistake_in_a_list_of_several_names_its_place():
    for bad, word in (("gopher://x/", "gopher"), (7, "quotation"), ({"safe": True}, "url is missing")):
        homes = [{}, {"pointers": {"services": ["http://a/", bad]}}]
        found = one(changed(homes=homes), "homes[1].pointers.services[1]", word)
        assert found.homes[1].pointers == (("services", (("http://a/", False),)),)
    second = ["http://a/", {"url": "http://b/", "safe": 1}]
    one(changed(backups={"services": second}), "backups.services[1].safe", "true or")
    one(changed(backups={"services": ["gopher://x/"]}), "backups.services", "gopher")


def test_user_names_in_a_url_are_refused_and_the_password_is_not_repeated():
    for bad in ("http://u:secret@host/", "https://u@host", "http://u:secret@host?x", "http://a@b:80/c@d"):
        found, mistakes = changed(backups={"services": bad})
        said = "backups.services: user names and passwords in a URL are not supported."
        assert mistakes == [said] and found.backups == ()
    assert changed(backups={"services": "http://host/?mail=a@b"})[1] == []
    assert changed(backups={"services": "http://host?mail=a@b"})[1] == []
    one(changed(backups={"services": "mailto:a@b"}), "backups.services", "not an http URL")


def test_time_servers():
    found, mistakes = changed(clock={"servers": ["10.0.0.123", "ntp.example.net", "127.0.0.1:12300"]})
    assert mistakes == []
    assert found.clocks == (("10.0.0.123", 123), ("ntp.example.net", 123), ("127.0.0.1", 12300))
    for wrong in ("", "10.0.0.1:", "a:b", "a/b", "a?b", "http://a", "u@a", "a:0", "a:65536", "a.local", None):
        assert one(changed(clock={"servers": [wrong]}), "clock.servers", "time server").clocks == (), wrong
    one(changed(clock={"servers": ["a", "b", "c", "d"]}), "clock.servers", "more than 3")
    one(changed(clock={"servers": "a"}), "clock.servers", "list")


def test_the_phones_own_pages():
    assert changed()[0].push == (0, b"", ())
    found, mistakes = changed(push={"port": 8080, "user": "eve", "password": "p\u00e4ss:word"})
    assert mistakes == [] and found.push == (8080, "eve:p\u00e4ss:word".encode(), ())
    assert changed(push={"port": 80})[0].push == (80, b"", ())
    assert changed(push={"password": "x"})[0].push == (0, b":x", ())
    one(changed(push={"port": 65536}), "push.port", "between")
    one(changed(push=[]), "push", "object")


def test_half_a_password_is_none_and_no_mistake_tells_it():
    for push in (
        {"user": "eve", "password": "s" * 65}, {"user": "e:ve", "password": "sss"}, {"password": ["sss"]},
        {"user": "eve", "password": "sss\n"}, {"user": "e" * 65, "password": "sss"},
        {"user": 7, "password": "sss"},
    ):  # fmt: skip
        found, mistakes = changed(push=push)
        assert found.push == (0, b"", ()) and len(mistakes) == 1 and "sss" not in mistakes[0], mistakes


def test_who_the_phone_is_at_its_call_managers():
    found = config.check(GOOD)[0]
    assert found.homes[0].manager == "sip:10.0.0.1:5060"
    assert (found.sip.user, found.sip.auth_user, found.sip.password) == ("1001", "1001", "secret1001")
    assert found.sip.port == 5060 and found.sip.domain == "" and found.sip.timers["give_up_ms"] == 7500
    assert found.trust.schemes == ("http", "https") and found.trust.signed == "off"
    assert found.sip.voice is True
    assert changed(sip={"user": "1", "voice": False})[0].sip.voice is False
    one(changed(sip={"user": "1", "voice": "no"}), "sip.voice", "true or false")
    one(changed(sip={}), "sip.user", "missing")
    one(changed(sip={"user": "1", "domain": "a b"}), "sip.domain", "ward.example")
    one(changed(sip={"user": "1", "timers": {"hold_ms": 1}}), "sip.timers.hold_ms", "not between")
    seconds = {"user": "1", "timers": {"options_ms": 30}}
    found = one(changed(sip=seconds), "sip.timers.options_ms", "neither 0 nor")
    assert found.sip.timers["options_ms"] == 30000
    for bad in ("sip:1001@10.0.0.1", "sip:", "sips:10.0.0.1", "sip:10.0.0.1/x", "10.0.0.1"):
        homes = [{"manager": bad, "pointers": {"services": "http://a/"}}]
        one(config.check({"homes": homes}), "homes[0].manager", "SIP address")


def test_a_manager_needs_no_pointers_and_pointers_need_no_manager():
    alone = {"homes": [{"name": "A", "manager": "sip:pbx.example"}], "sip": {"user": "1001"}}
    assert config.check(alone)[1] == []
    without = {"homes": [{"name": "A", "pointers": {"services": "http://a/"}}]}
    found, mistakes = config.check(without)
    assert mistakes == [] and found.sip is None and found.trust is None


def test_whose_word_on_backups_is_taken():
    found = changed(pointers={"key": "0123456789abcdef", "hosts": ["B.example"]})[0].trust
    assert found.signed == "prefer" and found.key == b"0123456789abcdef" and found.hosts == ("b.example",)
    one(changed(pointers={"schemes": ["ftp"]}), "pointers.schemes", "http, https")
    one(changed(pointers={"key": "short"}), "pointers.key", "shorter")
    one(changed(pointers={"signed": "require"}), "pointers.signed", "pointers.key")
    one(changed(push={"authentication": "ftp://x/"}), "push.authentication", "http URL")


def test_a_bound_on_backups_that_cannot_be_read_lets_nobody_in():
    for hosts in ("b.example", ["http://b/"]):
        one(changed(pointers={"hosts": hosts}), "pointers.hosts", "")
        assert changed(pointers={"hosts": hosts})[0].trust.hosts == ("",)
    for pointers in ({"key": "short"}, {"key": "k" * 65}, {"key": 7}, {"key": "short", "signed": "prefer"}):
        one(changed(pointers=pointers), "pointers.key", "")
        found = changed(pointers=pointers)[0].trust
        assert found.signed == "require" and found.key == b"", "which refuses everything"
    one(changed(pointers={"key": "0123456789abcdef", "signed": "required"}), "pointers.signed", "not one of")
    assert changed(pointers={"key": "0123456789abcdef", "signed": "required"})[0].trust.signed == "require"


def test_a_user_that_cannot_be_one_is_named_once():
    one(changed(sip={"user": "a b"}), "sip.user", "letters")
    one(changed(sip={"user": 7}), "sip.user", "quotation marks")


def test_the_idle_page_is_a_service_with_backups_and_a_timer():
    found, mistakes = changed(backups={"idle": "http://c/idle.xml"}, timers={"idle_ms": 5000})
    assert mistakes == [] and found.timers["idle_ms"] == 5000
    assert ("idle", (("http://c/idle.xml", False),)) in found.backups
    one(changed(timers={"idle_ms": 10}), "timers.idle_ms", "not between")
