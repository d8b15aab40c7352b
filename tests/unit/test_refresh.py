"""Refresh and Expires, as servers write them."""

from phone.core.refresh import life
from phone.core.result import Life

NOW = 1790000000  # 21 Sep 2026 14:13:20
DATE = b"Mon, 21 Sep 2026 14:13:20 GMT"


def of(refresh, wall=NOW, posted=False, **more):
    fields = {b"refresh": refresh} if refresh is not None else {}
    for name in more:
        fields[name.encode()] = more[name]
    return life(fields, wall, posted)


def test_seconds_and_where_to():
    assert of(b"30") == Life(30, "", False)
    assert of(b"30; url=next.xml") == Life(30, "next.xml", False)
    assert of(b" 5 ;URL = http://10.0.0.1/a?b=c;d ") == Life(5, "http://10.0.0.1/a?b=c;d", False)
    assert of(b"5, url='a.xml'") == Life(5, "a.xml", False)
    assert of(b'0; url="SoftKey:Exit"') == Life(0, "SoftKey:Exit", False)
    assert of(b"; url=a.xml") == Life(0, "a.xml", False), "without a time it is for the person to say when"


def test_nonsense_is_none_and_nothing_is_too_long():
    for said in (b"", b"soon", b"-1", b";", b"; uri=a", b"\xff\xfe"):
        assert of(said) is None, said
    assert of(b"5.5; url=a") == Life(5, "a", False) and of(b"5 s") == Life(5, "", False)
    assert of(b"99999999999999999999").refresh == 86400
    assert of(b"5; url=" + b"x" * 5000) == Life(5, "", False)


def test_what_has_expired_as_it_came():
    assert all(of(None, expires=said).expired for said in (b"-1", b"0", b""))
    old, new = b"Thu, 19 Nov 1981 08:52:00 GMT", b"Mon, 21 Sep 2026 15:00:00 GMT"
    assert of(None, expires=old) == Life(-1, "", True) and of(None, None, expires=old).expired
    assert of(None, expires=new) is None and of(None, expires=DATE).expired
    assert of(None, NOW + 99999, expires=new, date=DATE) is None, "its clock, for its date"
    assert of(b"9", expires=old) == Life(9, "", True)
    assert life({}, NOW, False) is None


def test_what_was_posted_is_not_sent_again():
    assert of(b"5", posted=True) is None and of(b"5; url=list.xml", posted=True) == Life(5, "list.xml", False)
