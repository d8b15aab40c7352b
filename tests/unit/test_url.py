"""wire/url.py: addresses as people and pages write them."""

from phone.wire import url as urls


def whole(text):
    url = urls.split(text)
    return url and urls.text(url)


def joined(base, reference):
    url = urls.join(urls.split(base), reference)
    return url and urls.text(url)


def test_an_address_is_split_into_its_parts():
    assert urls.split("HTTP://Example.COM:8080/a/b.xml?x=1#top") == (
        "http",
        "example.com",
        8080,
        "/a/b.xml?x=1",
    )
    assert urls.split("http://10.0.0.1") == ("http", "10.0.0.1", 80, "/")
    assert urls.split("http://h?x=1") == ("http", "h", 80, "/?x=1")
    assert urls.split("https://h/")[2] == 443


def test_the_port_of_the_scheme_is_not_written():
    assert whole("http://h:80/x") == "http://h/x"
    assert whole("http://h:81/x") == "http://h:81/x"


def test_what_cannot_be_asked_for_is_none():
    for text in (
        "",
        "menu.xml",
        "/x",
        "ftp://h/",
        "Dial:12",
        "http://",
        "http:///x",
        "http://h:0/",
        "http://h:99999/",
        "http://h:8x/",
        "http://a b/",
        "http://user@h/",
        "http://[::1]/",
        "http://.h/",
        "http:/h/x",
        "http://h\r\nX: y/",
        "http://h/" + "x" * 2000,
        "http://hé/",
        "http://h:+8/",
    ):
        assert urls.split(text) is None, text


def test_an_empty_port_is_the_default():
    assert urls.split("http://h:/x") == ("http", "h", 80, "/x")


def test_blanks_and_control_characters_cannot_reach_a_request_line():
    assert urls.split("http://h/a b\r\nX: é").path == "/a%20b%0D%0AX:%20%C3%A9"
    assert urls.split("http://h/100%25?a=<b>").path == "/100%25?a=%3Cb%3E"


def test_the_scheme_of_an_internal_uri_is_found():
    assert urls.scheme("SoftKey:Exit") == "softkey"
    assert urls.scheme("page.php?x=a:b") == ""
    assert urls.scheme("12:30") == ""
    assert urls.scheme("a/b:c") == ""
    assert urls.scheme(":x") == ""


def test_references_stand_on_their_page():
    base = "http://h:81/a/b/menu.xml?x=1"
    assert joined(base, "news.xml") == "http://h:81/a/b/news.xml"
    assert joined(base, "/news.xml") == "http://h:81/news.xml"
    assert joined(base, "?x=2") == "http://h:81/a/b/menu.xml?x=2"
    assert joined(base, "") == "http://h:81/a/b/menu.xml?x=1"
    assert joined(base, "#part") == "http://h:81/a/b/menu.xml?x=1"
    assert joined(base, "../c.xml") == "http://h:81/a/c.xml"
    assert joined(base, "../../../../c.xml") == "http://h:81/c.xml"
    assert joined(base, "./d/./e/..") == "http://h:81/a/b/d/"
    assert joined(base, "//g/x") == "http://g/x"
    assert joined(base, " http://g/y ") == "http://g/y"
    assert joined(base, "c?d=../e") == "http://h:81/a/b/c?d=../e"
    assert joined(base, "Dial:123") is None
    assert joined(base, "x" * 2000) is None


def test_a_page_is_put_below_the_folder_of_another_pointer():
    def moved(url, old, new):
        found = urls.rebase(urls.split(url), urls.split(old), urls.split(new))
        return found and urls.text(found)

    assert (
        moved("http://a/menu/news.xml?x=1", "http://a/menu/start.xml", "http://b:81/s/go.xml")
        == "http://b:81/s/news.xml?x=1"
    )
    assert (
        moved("http://a/other/news.xml", "http://a/menu/start.xml", "http://b/s/go.xml")
        == "http://b/other/news.xml"
    )
    assert moved("http://c/menu/news.xml", "http://a/menu/start.xml", "http://b/s/go.xml") is None
    assert moved("http://a:81/x", "http://a/", "http://b/") is None


def test_dotted_addresses_need_no_name_server():
    for host, is_literal in (
        ("10.0.0.1", True),
        ("256.0.0.1", False),
        ("10.0.0", False),
        ("a.b.c.d", False),
        ("1.2.3.", False),
        ("08.8.8.8", False),
        ("1.2.3.04", False),
    ):
        assert urls.is_literal(host) == is_literal, host
