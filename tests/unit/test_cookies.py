"""core/cookies.py: what a server has the phone keep goes back to it, and to nobody else."""

from phone.core import cookies
from phone.wire.url import split

HOME = split("http://10.0.0.1/apps/menu.php?a=1")
NOON = 1793275200  # 2026-10-29 12:00:00


def learned(*lines, jar=None, url=HOME, now=0, fields=None, wall=NOON):
    jar = {} if jar is None else jar
    cookies.learn(jar, url, b"\n".join(lines), fields or {}, wall, now)
    return jar


def sent(jar, address="http://10.0.0.1/apps/menu.php", now=0):
    url = split(address)
    return cookies.line(jar, url, url.path, now)


def test_what_a_site_gave_goes_back_to_it_alone():
    jar = learned(b"session=42; Path=/; HttpOnly")
    assert sent(jar) == "Cookie: session=42\r\n"
    for other in ("http://10.0.0.2/apps/", "http://10.0.0.1:8080/apps/", "https://10.0.0.1/apps/"):
        assert sent(jar, other) == "", other


def test_a_cookie_is_replaced_by_one_of_its_name_and_path_and_taken_back_by_one_that_is_over():
    jar = learned(b"a=1; path=/", b"b=2; path=/")
    assert sent(learned(b"a=3; path=/", jar=jar)) == "Cookie: b=2; a=3\r\n"
    for over in (b"a=; path=/; Max-Age=0", b"a=; path=/; max-age=-1",
                 b"a=; path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                 b"a=; path=/; expires=Thu, 01-Jan-1970 00:00:00 GMT"):
        jar = learned(b"a=1; path=/", b"b=2; path=/")
        assert sent(learned(over, jar=jar)) == "Cookie: b=2\r\n", over


def test_paths():
    jar = learned(b"own=1", b"all=2; path=/", b"deep=3; path=/apps/x", b"odd=4; path=elsewhere")
    assert sent(jar, "http://10.0.0.1/apps/x/y?z") == "Cookie: deep=3; own=1; odd=4; all=2\r\n"
    assert sent(jar, "http://10.0.0.1/apps") == "Cookie: own=1; odd=4; all=2\r\n"
    assert sent(jar, "http://10.0.0.1/apps/xy") == "Cookie: own=1; odd=4; all=2\r\n"
    assert sent(jar, "http://10.0.0.1/appstore") == "Cookie: all=2\r\n"
    assert sent(learned(b"a=1", url=split("http://h/menu.php")), "http://h/x/y") == "Cookie: a=1\r\n"


def test_an_end_is_kept_to():
    jar = learned(b"a=1; Max-Age=60", b"b=2; Expires=Thu, 29 Oct 2026 12:02:00 GMT", b"c=3")
    assert sent(jar, now=59999) == "Cookie: a=1; b=2; c=3\r\n"
    assert sent(jar, now=60000) == "Cookie: b=2; c=3\r\n"
    assert sent(jar, now=120000) == "Cookie: c=3\r\n"


def test_the_servers_clock_counts_for_its_own_end():
    fields = {b"date": b"Thu, 29 Oct 2026 15:00:00 GMT"}
    jar = learned(b"a=1; Expires=Thu, 29 Oct 2026 15:01:00 GMT", fields=fields)
    assert sent(jar, now=59999) and not sent(jar, now=60000)
    jar = learned(b"a=1; Expires=Thu, 29 Oct 2026 15:01:00 GMT", wall=None)
    assert sent(jar, now=1000000), "nobody knows the time: as long as the session"


def test_four_a_site():
    jar = learned(*[b"c%d=%d" % (number, number) for number in range(6)])
    assert sent(jar) == "Cookie: c2=2; c3=3; c4=4; c5=5\r\n"


def test_eight_sites_and_the_one_that_was_not_asked_longest_goes():
    jar = {}
    for number in range(8):
        learned(b"a=%d" % number, jar=jar, url=split("http://h%d/" % number), now=number)
    assert sent(jar, "http://h0/", now=10)
    learned(b"a=8", jar=jar, url=split("http://h8/"), now=11)
    assert len(jar) == 8 and not sent(jar, "http://h1/", 12) and sent(jar, "http://h0/", 12)


def test_half_an_hour_without_a_request_ends_a_session():
    jar = learned(b"a=1")
    assert sent(jar, now=1799999) and sent(jar, now=3599998)
    assert not sent(jar, now=5399998) and not jar


def test_what_is_longer_than_other_phones_keep_is_not_kept():
    assert sent(learned(b"a=" + b"x" * 253)) == "Cookie: a=%s\r\n" % ("x" * 253)
    assert not learned(b"a=" + b"x" * 254)


def test_a_cookie_for_others_or_for_secure_ways_is_not_taken():
    assert not learned(b"a=1; Domain=example.net") and not learned(b"a=1; Secure")
    site = split("https://www.example.net/")
    assert learned(b"a=1; Domain=.Example.net; secure", url=site)
    for domain in (b"le.net", b"x.www.example.net", b"example.org"):
        assert not learned(b"a=1; Domain=" + domain, url=site), domain


def test_nonsense_is_no_cookie():
    for line in (b"", b"a", b"=b", b";", b"a=b\x00c", b"a=\xff", b"a\x7f=1", b"\ta=1\x01"):
        assert not learned(line), line
    assert sent(learned(b' a = "b c" ; max-age=never; expires=soon')) == 'Cookie: a="b c"\r\n'
