"""core/manners.py: what a request says of the phone, and when."""

from phone.config import check
from phone.core.manners import Manners
from phone.core.result import Context
from phone.wire.request import ACCEPT
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
    accept = ACCEPT
    realm = None
    tries = 0

    def __init__(self, target, probe="", form=None):
        self.target, self.url, self.probe, self.form = target, target.url, probe, form


def manners():
    made = Manners(check({"identity": {"name": NAME, "model": "CP-7942G"}})[0], Net(), Wall())
    made.taste = Taste()
    return made


def asks(address, service="services", walks=True, probe="", form=None, made=None):
    target = Context(service, None, split(address), walks, False, False, form)
    return str((made or manners()).request(Fetch(target, probe, form), 0), "utf-8").split("\r\n")


def path(*args, **more):
    return asks(*args, **more)[0].split(" ")[1]


TOLD = "name=SEP001122334455&locale=German_Germany"


def test_services_and_directories_hear_who_asks():
    assert path("http://h/menu.php") == "/menu.php?" + TOLD
    assert path("http://h/people.php?a=b", "directory") == "/people.php?a=b&" + TOLD
    assert path("http://h/menu.php?") == "/menu.php?" + TOLD
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
    assert manners().request(fetch, 0).startswith(b"GET / HTTP/1.1\r\n")


def test_blanks():
    asked = path("http://h/#MODEL#/#IP#?m=#MAC#&l=#LANGUAGE#&o=#LOCALE#&x=#OTHER#", walks=False)
    assert asked == "/CP-7942G/10.0.0.9?m=001122334455&l=de&o=German_Germany&x=%23OTHER%23"


def test_the_header():
    lines = asks("http://h:81/")
    for line in ("Host: h:81", "x-CiscoIPPhoneModelName: CP-7942G", "Accept-Language: de",
                 "x-CiscoIPPhoneDisplay: 298, 144, 2, G", "Connection: keep-alive"):
        assert line in lines, line
    assert "Connection: close" in asks("http://h/", probe="header")
    assert asks("http://h/", walks=False, form=b"a=b")[0] == "POST / HTTP/1.1"


def test_a_look_has_no_session():
    made = manners()
    fetch = Fetch(Context("services", None, split("http://h/"), False, False, False, None))
    assert not made.heard(fetch, 200, {b"set-cookie": b"a=1"}, 0)
    assert "Cookie: a=1" in asks("http://h/x", walks=False, made=made)
    assert "Cookie: a=1" not in asks("http://h/x", walks=False, probe="header", made=made)
    made.leave()
    assert "Cookie: a=1" not in asks("http://h/x", walks=False, made=made)
