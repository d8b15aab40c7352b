"""core/report.py and its pages: what is told, to the letter where a program reads it, and what never is."""

import json

from phone.config import check
from phone.core.journal import Journal
from phone.core.net import Net
from phone.core.outcome import FAILED, PAGE
from phone.core.pointers import Book
from phone.core.report import Report
from phone.core.screenshot import judge, picture
from phone.core.wall import Wall
from phone.phrases import phrase

EVIL = "<b> & \"q\" 'a'\\"
RAW = {
    "identity": {"name": "SEP0011223344AF", "label": "Ward <3>"},
    "homes": [
        {"name": EVIL, "manager": "sip:10.0.0.2:5060",
         "pointers": {"services": "http://10.0.0.5/menu.xml?pin=4711", "directory": "http://10.0.0.5/people.xml"}},
        {"name": "B", "pointers": {"services": "https://b.example:8443/menu.xml"}},
    ],
    "push": {"port": 80, "user": "eve", "password": "s3cret"},
    "sip": {"user": "alice", "password": "geheim"},
    "clock": {"utc_offset_minutes": -90},
}  # fmt: skip
PATHS = ("/", "/status.json", "/metrics", "/DeviceInformationX", "/NetworkConfigurationX")

HEAP = "144wK"  # all kinds of reports are compiled here, one after the other


class Client:
    up = True


class Calls:
    messages = 0


class Manager:
    """What is told of one, as core/manager.py has it."""

    registered = False
    well = next_at = None
    since = not_before = 0
    reason = phrase("not asked yet")

    def __init__(self, label, number, uri):
        self.label, self.number, self.uri = label, number, uri


class Managers:
    """Registered at the second, since the first is dead."""

    def __init__(self):
        a, b = self.list = [Manager(EVIL, 0, "sip:10.0.0.2:5060"), Manager("C", 1, "sip:10.0.0.3")]
        a.well, a.reason, a.next_at = False, phrase("says %s", EVIL), 71500
        b.well = b.registered = self.registered = True
        b.since, b.reason = 1500, phrase("answered")
        self.home = b
        self.odd = 3
        self.counts = {"in": 12, "out": 14, "moves": 1}
        self.calls = Calls()


def made(raw=RAW, heap=lambda: (100, 200), managers=None):
    config, mistakes = check(raw)
    book, wall = Book(config), Wall(config.utc_offset_minutes)
    net = Net(config, None, Journal(), 1)
    net.link("10.0.0.9", ("10.0.0.53",))
    counts = {PAGE: 3, FAILED: 1}
    report = Report(config, book, wall, net, Client(), counts, "power", mistakes, heap, managers)
    return report, book, wall


def text(report, path, now=61500):
    kind, parts = report.page(path, now)
    out = ""
    for part in parts:
        assert len(part.encode()) <= 1024, "%s: a step of %d bytes" % (path, len(part))
        out += part
    return out


def fallen(book):
    """A fails, B answers."""
    health = [pointer.health for pointer in book.pointers]
    health[0].bad(phrase("says %s", EVIL), 20000, 90000)
    health[2].good(phrase("answered"), 30000)


def test_there_are_no_other_pages():
    report = made()[0]
    for path in ("", "/status", "/status.json/", "/deviceinformationx", "/../", "//", "/CGI/", "/%2f"):
        assert report.page(path, 0) is None, path


def test_nothing_that_is_a_secret_is_told():
    report, book, wall = made()
    fallen(book)
    for path in PATHS:
        told = text(report, path)
        for secret in ("4711", "pin", "geheim", "alice", "s3cret", "eve\"", "eve<"):
            assert secret not in told, (path, secret)


def test_the_page_for_people_escapes_what_others_said():
    report, book, wall = made()
    fallen(book)
    told = text(report, "/")
    assert "<h1>Ward &lt;3&gt;</h1>" in told and "&lt;b&gt; &amp; &quot;q&quot; &#39;a&#39;\\" in told
    assert "<b>" not in told and "<script" not in told and "http://10.0.0.5</td>" in told
    assert "backup, well, in use" in told and "primary, unwell" in told
    assert "asked not to be asked for 48 s" in told, told
    assert "Time</th><td>not known" in told and "1 min" not in told and "61 s" in told


def test_the_page_for_scripts_is_json():
    report, book, wall = made()
    told = json.loads(text(report, "/status.json"))
    assert told["time"] is None and told["time_source"] is None and told["uptime_s"] == 61
    assert [server["state"] for server in told["servers"]] == ["not asked yet"] * 2
    assert told["servers"][0]["seen_s"] is None and told["servers"][0]["serving"] is True
    fallen(book)
    wall.learn(1790000000, "http", 61500)
    told = json.loads(text(report, "/status.json"))
    assert told["time"] == "2026-09-21T14:13:20Z" and told["time_source"] == "http"
    assert told["network"] == {"up": True, "address": "10.0.0.9", "dns": ["10.0.0.53"]}
    assert told["requests"] == {"page": 3, "failed": 1} and told["heap"] == {"free": 100, "used": 200}
    one, two = told["servers"]
    assert one["server"] == EVIL and one["reason"] == "says " + EVIL and one["place"] == "primary"
    assert one["state"] == "unwell" and not one["serving"]
    assert one["seen_s"] == 41 and one["next_look_s"] == 48
    assert two["site"] == "https://b.example:8443" and two["serving"] and two["since_s"] is None
    assert json.loads(text(made(heap=None)[0], "/status.json"))["heap"] is None


def test_an_empty_phone_can_be_asked_too():
    report = made({})[0]
    assert json.loads(text(report, "/status.json"))["servers"] == []
    for path in PATHS:
        assert text(report, path)
    assert "<MACAddress>000000000000</MACAddress>" in text(report, "/DeviceInformationX")
    assert "<th>Configuration</th><td>mistakes: 1<" in text(report, "/")


def test_metrics():
    report, book, wall = made()
    fallen(book)
    lines = text(report, "/metrics").split("\n")
    site = 'server="<b> & \\"q\\" \'a\'\\\\",site="http://10.0.0.5",place="primary"'
    assert "everline_server_well{%s} 0" % site in lines and "everline_server_serving{%s} 0" % site in lines
    assert "everline_server_last_sign_seconds{%s} 41.500" % site in lines
    assert 'everline_requests_total{outcome="page"} 3' in lines and "everline_uptime_seconds 61.500" in lines
    assert not [line for line in lines if line.startswith("everline_time_seconds")]
    wall.learn(1790000000, "sntp", 61500)
    assert 'everline_time_seconds{source="sntp"} 1790000000' in text(report, "/metrics").split("\n")
    types = [line.split(" ")[2] for line in lines if line.startswith("# TYPE ")]
    assert len(types) == len(set(types))
    for line in lines[:-1]:
        name = line.split(" ")[2] if line[0] == "#" else line.partition("{")[0].partition(" ")[0]
        assert name in types, line
    assert lines[-1] == "", "the last line ends, too"


def test_call_managers_for_people():
    told = text(made(managers=Managers())[0], "/")
    assert "<p>Registered at C for 60 s.</p>" in told
    assert "primary, unwell</td>" in told and "backup, well, registered</td>" in told
    assert "next asked in 10 s" in told and "<b>" not in told
    managers = Managers()
    managers.registered, managers.list[0].not_before = False, 121500
    told = text(made(managers=managers)[0], "/")
    assert "<p>Not registered.</p>" in told and "; not asked for 60 s" in told
    assert "Call managers" not in text(made()[0], "/")


def test_call_managers_for_scripts():
    assert json.loads(text(made()[0], "/status.json"))["registration"] is None
    told = json.loads(text(made(managers=Managers())[0], "/status.json"))["registration"]
    assert told["registered"] and told["home"] == "C" and told["since_s"] == 60
    assert told["counts"] == {"in": 12, "out": 14, "moves": 1} and told["odd_datagrams"] == 3
    one, two = told["managers"]
    assert one == {"manager": EVIL, "uri": "sip:10.0.0.2:5060", "place": "primary", "state": "unwell",
                   "registered": False, "reason": "says " + EVIL, "next_s": 10, "not_before_s": None}
    assert two["registered"] and two["next_s"] is None
    managers = Managers()
    managers.registered = False
    told = json.loads(text(made(managers=managers)[0], "/status.json"))["registration"]
    assert told["home"] is None and told["since_s"] is None


def test_call_managers_as_metrics():
    lines = text(made(managers=Managers())[0], "/metrics").split("\n")
    assert "everline_registered 1" in lines and 'everline_sip_total{what="odd"} 3' in lines
    assert 'everline_sip_total{what="moves"} 1' in lines
    assert 'everline_manager_well{manager="C",uri="sip:10.0.0.3",place="backup"} 1' in lines
    names = [line.split(" ")[2] for line in lines if line.startswith("# TYPE ")]
    assert len(names) == len(set(names)) and lines[-1] == ""
    for line in [line for line in lines if line and line[0] != "#"]:
        assert line.partition("{")[0].partition(" ")[0] in names, line
    managers = Managers()
    managers.list[0].well = None
    unknown = text(made(managers=managers)[0], "/metrics")
    assert unknown.count("everline_manager_well{") == 1, "what is not known is missing"


def test_call_managers_as_other_phones_tell_them():
    managers = Managers()
    managers.home.number = 0
    managers.calls.messages = 2
    report = made(managers=managers)[0]
    assert "<CallManager1>10.0.0.2:5060 Active<" in text(report, "/NetworkConfigurationX")
    assert "<MessageWaiting>Yes<" in text(report, "/DeviceInformationX")
    managers.registered = False
    assert "<CallManager1>10.0.0.2:5060<" in text(report, "/NetworkConfigurationX")


def test_no_page_tells_who_is_registered():
    report = made(managers=Managers())[0]
    for path in PATHS:
        assert "alice" not in text(report, path) and "geheim" not in text(report, path)


def test_the_pages_of_other_phones():
    report, book, wall = made()
    wall.learn(784111777, "sntp", 61500)  # 1994-11-06 08:49:37 UTC
    told = text(report, "/DeviceInformationX")
    assert told.startswith('<?xml version="1.0" encoding="utf-8"?>\n<DeviceInformation>\n')
    assert told.endswith("</DeviceInformation>\n")
    for element in ("<MACAddress>0011223344AF<", "<HostName>SEP0011223344AF<", "<modelNumber>Everline<",
                    "<time>07:19<", "<timeZone>UTC-01:30<", "<date>11/06/94<", "<phoneDN><"):
        assert element in told, element
    told = text(report, "/NetworkConfigurationX")
    for element in ("<IPAddress>10.0.0.9<", "<DNSServer1>10.0.0.53<", "<CallManager1>10.0.0.2:5060<",
                    "<ServicesURL>http://10.0.0.5/menu.xml<", "<InformationURL><"):
        assert element in told, (element, told)


# --- the screen -------------------------------------------------------------------------------------------


class Theme:
    width, height = 100, 30
    palettes = {"page": (0xFFFFFF, 0, 0, 0x112233), "selected": (1, 2, 3, 4)}


class Painter:
    canvas = bytearray(25 * 30)

    def palette(self, y):
        return Theme.palettes["selected" if y < 7 else "page"]


def test_the_screen_comes_in_pieces_of_a_kilobyte():
    kind, length, pieces = picture(Painter(), Theme())
    pieces = list(pieces)
    assert kind == "image/bmp" and sum([len(piece) for piece in pieces]) == length
    assert max([len(piece) for piece in pieces]) <= 1024 and length == 54 + 4 * 7 + 3000
    head = len(pieces[0])
    data = b"".join([bytes(piece) for piece in pieces])
    assert data[head] == data[head + 22 * 100] == 0 and data[-1] == 3, "rows 0 to 6 come last"


def test_a_canvas_that_keeps_no_pixels_gives_no_picture():
    painter = Painter()
    painter.canvas = None
    assert picture(painter, Theme()) is None


def test_who_may_see_the_screen():
    right = b"Basic dXNlcjpwYXNz"
    assert judge(right, b"user:pass", False) == 0 and judge(b"basic  dXNlcjpwYXNz", b"user:pass", False) == 0
    assert judge(right, b"user:pass", True) == 429 and judge(b"", b"user:pass", True) == 401
    assert judge(right, b"", False) == 403
    for other in (b"", b"user:pas", b"user:passs", b"user:pasT", b"Xser:pass"):
        assert judge(right, other, False) != 0, other
    for field in (b"", b"Basic", b"Basic ", b"Bearer dXNlcjpwYXNz", b"Basic !", b"dXNlcjpwYXNz"):
        assert judge(field, b"user:pass", False) == 401, field
