"""core/manners.py: what a request says of the phone, and when."""

from phone.config import check
from phone.core import session
from phone.core.manners import head
from phone.core.result import Context
from phone.wire.url import split

NAME = "SEP001122334455"


class Net:
    address = "10.0.0.9"


class Wall:
    def utc(self, now):
        return None


class Taste:
    language = "de"


class Fetch:
    accept = "text/*"
    realm = None
    tries = 0

    def __init__(self, target, probe=""):
        self.target, self.url, self.probe, self.form = target, target.url, probe, target.body


class Requests:
    pane = 298, 144, 2
    net = Net()
    wall = Wall()
    taste = Taste()

    def __init__(self):
        self.config = check({"identity": {"name": NAME, "model": "CP-7942G"}})[0]
        self.cookies, self.logins = {}, []


def asks(address, service="services", walks=True, probe="", form=None, made=None):
    target = Context(service, None, split(address), walks, False, False, form)
    return str(head(Fetch(target, probe), made or Requests(), 0), "utf-8").split("\r\n")


def path(*args, **more):
    return asks(*args, **more)[0].split(" ")[1]


TOLD = "name=SEP001122334455&locale=German_Germany"


def test_services_and_directories_hear_who_asks():
    assert path("http://h/menu.php") == "/menu.php?" + TOLD
    assert path("http://h/people.php?a=b", "directory") == "/people.php?a=b&" + TOLD
    assert path("http://h/menu.php?") == "/menu.php?&" + TOLD
    assert path("http://h") == "/?" + TOLD
    assert path("http://h/", "messages") == "/" and path("http://h/", "information") == "/"


def test_links_and_looks_say_nothing_of_it():
    assert path("http://h/menu.php", walks=False) == "/menu.php"
    assert path("http://h/menu.php", probe="header") == "/menu.php"


def test_what_an_address_says_itself_is_left_alone():
    assert path("http://h/?name=x") == "/?name=x&locale=German_Germany"
    assert path("http://h/?a=b&locale=y") == "/?a=b&locale=y&name=" + NAME
    assert path("http://h/?rename=x") == "/?rename=x&" + TOLD
    assert path("http://h/?name=#DEVICENAME#") == "/?name=%s&locale=German_Germany" % NAME


def test_a_redirect_is_followed_as_it_is_written():
    target = Context("services", None, split("http://h/"), True, False, False, None)
    fetch = Fetch(target)
    fetch.url = split("http://h/")  # equal, but it is another one
    assert head(fetch, Requests(), 0).startswith(b"GET / HTTP/1.1\r\n")


def test_blanks():
    asked = path("http://h/#MODEL#/#IP#?m=#MAC#&l=#LANGUAGE#&o=#LOCALE#&x=#OTHER#", walks=False)
    assert asked == "/CP-7942G/10.0.0.9?m=001122334455&l=de&o=German_Germany&x=%23OTHER%23"


def test_a_request_says_what_phone_it_is():
    assert "\r\n".join(asks("http://h:8001/a?b", walks=False)) == (
        "GET /a?b HTTP/1.1\r\nHost: h:8001\r\nUser-Agent: Everline/0.1.0 (SEP001122334455)\r\n"
        "x-CiscoIPPhoneModelName: CP-7942G\r\nx-CiscoIPPhoneDisplay: 298, 144, 2, G\r\n"
        "x-CiscoIPPhoneSDKVersion: 8.5.1\r\nAccept: text/*\r\nAccept-Language: de\r\n"
        "Accept-Charset: utf-8, iso-8859-1;q=0.8\r\nAccept-Encoding: identity\r\n"
        "Connection: keep-alive\r\n\r\n"
    )
    for url in ("http://h/", "http://h:80/", "https://h/", "https://h:443/"):
        lines = asks(url, probe="header")
        assert "Host: h" in lines and "Connection: close" in lines
    assert "Host: h:443" in asks("http://h:443/")


def test_a_form_says_how_long_it_is():
    lines = asks("http://h/a", walks=False, form=b"a=%20b")
    assert lines[0] == "POST /a HTTP/1.1" and "Content-Length: 6" in lines
    assert "Content-Type: application/x-www-form-urlencoded" in lines and lines[-2:] == ["", ""]
    assert "Content-Length: 0" in asks("http://h/a", walks=False, form=b"")


def test_a_look_has_no_session():
    made = Requests()
    fetch = Fetch(Context("services", None, split("http://h/"), False, False, False, None))
    assert session.heard(fetch, made, 200, {b"set-cookie": b"a=1"}, 0) == (None, "", "")
    assert "Cookie: a=1" in asks("http://h/x", walks=False, made=made)
    assert "Cookie: a=1" not in asks("http://h/x", walks=False, probe="header", made=made)
