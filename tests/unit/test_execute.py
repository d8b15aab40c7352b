"""wire/execute.py: forms as programs and people write them, the items in them, and the answers."""

from phone.wire import basic, execute, serve
from phone.wire.execute import Form, Item
from phone.wire.url import split

ONE = b'<CiscoIPPhoneExecute><ExecuteItem Priority="1" URL="http://x/a?b=1&amp;c=2"/></CiscoIPPhoneExecute>'
ITEM = Item(1, "http://x/a?b=1&c=2", "", "", "")


def quoted(data):
    """As urlencode does it."""
    return b"".join([b"+" if byte == 32 else b"%%%02X" % byte for byte in data])


def read(data, size=256):
    form = Form()
    for at in range(0, len(data), size):
        form.feed(memoryview(data)[at : at + size])
    return form.finish()


def test_a_form_in_pieces_of_any_size():
    for data in (b"XML=" + quoted(ONE), b"a=1&XML=" + quoted(ONE) + b"&b=2", b"b&=&XML=" + quoted(ONE),
                 b"XML=" + ONE):  # fmt: skip
        for size in (1, 2, 3, 5, 7, 64, 1000):
            assert read(data, size) == [ITEM], (data, size, read(data, size))


def test_the_name_of_the_field_is_xml_in_these_letters():
    for name in (b"xml", b"Xml", b"XML2", b"AXML", b"", b"a=XML"):
        assert read(name + b"=" + quoted(ONE)) == "There is no field XML in the form.", name
    assert read(b"x" * 5000 + b"=1&XML=" + quoted(ONE)) == [ITEM]


def test_percent_signs_that_are_none_stay():
    page = b'XML=<CiscoIPPhoneExecute><ExecuteItem URL="http://x/100%%25zz%4%G1"/></CiscoIPPhoneExecute>'
    assert read(page)[0].url == "http://x/100%%zz%4%G1"
    assert isinstance(read(b"XML=%"), str) and isinstance(read(b"XML=%3"), str)


def test_items_as_they_are_found_in_the_wild():
    def items(inner, root=b"CiscoIPPhoneExecute"):
        return read(b"XML=" + quoted(b"<%s>%s</%s>" % (root, inner, root)))

    assert items(b"<ExecuteItem URL='Key:Services'/>") == [Item(0, "Key:Services", "", "", "")]
    assert items(b'<ExecuteItem Priority="" URL="a:b"></ExecuteItem>')[0] == Item(0, "a:b", "", "", "")
    assert items(b'<executeitem priority=2 url="a:b">')[0] == Item(2, "a:b", "", "", "")
    assert items(b'<ExecuteItem Priority="7" URL="a:b"/>')[0].priority == -1
    assert items(b'<ExecuteItem/>') == [Item(0, "", "", "", "")]
    assert items(b"<ExecuteItem URL=\"http://x/?a=1&b=2\"/>")[0].url == "http://x/?a=1&b=2"
    assert items(b'<ExecuteItem URL="http://x/%s"/>' % (b"a" * 1100))[0].url == "", "never shortened"
    assert [item.url for item in items(b"<ExecuteItem URL='a:1'/><ExecuteItem URL='a:2'/>")] == ["a:1", "a:2"]
    assert items(b"<ExecuteItem URL='a:1'/>", b"ciscoipphoneexecute")[0].url == "a:1"
    assert items(b"") == "There is no ExecuteItem in it."
    assert items(b"<ExecuteItem URL='a:1'/>", b"CiscoIPPhoneText") == "It is no CiscoIPPhoneExecute."
    assert items(b"<ExecuteItem URL='a:1'/>" * 3)[2].url == "a:1"
    assert items(b"<ExecuteItem URL='a:1'/>" * 4) == "There are more than 3 ExecuteItems in it."
    pointer = items(b'<ExecuteItem URL="http://b/" Service="Services" Expires="60" Signature="&lt;s&gt;"/>')
    assert pointer == [Item(0, "http://b/", "services", "60", "<s>")]


def test_whatever_comes_it_never_raises():
    data = b"a=1&XML=" + quoted(ONE)
    seed = 1
    for _ in range(3000):
        wild = bytearray(data)
        for _ in range(3):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            wild[seed % len(wild)] = seed >> 8 & 255
        found = read(bytes(wild), 1 + seed % 90)
        assert isinstance(found, (str, list))
    for data in (b"", b"&", b"=", b"XML", b"XML=", b"&&&==", b"\x00" * 300, b"XML=" + b"%" * 300):
        assert isinstance(read(data), str), data


def test_answers():
    told = execute.answer([(0, "Success", "http://x/?a&b"), (6, 'No "such" <thing>.', "Key:Line1")])
    assert b'<ResponseItem Status="0" Data="Success" URL="http://x/?a&amp;b"/>' in told
    assert b'Data="No &quot;such&quot; &lt;thing&gt;."' in told and told.count(b"<ResponseItem ") == 2
    assert told.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<CiscoIPPhoneResponse>\n')
    assert b'<CiscoIPPhoneError Number="4">No &amp; no.</CiscoIPPhoneError>' in execute.error(4, "No & no.")


def test_what_an_authentication_url_is_asked():
    basic_of = b"Basic YjpwIMOkJmU="  # b:p \xc3\xa4&e
    asked = execute.question(split("http://x/auth"), basic_of, "SEP001122334455")
    assert asked.path == "/auth?UserID=b&Password=p%20%C3%A4%26e&devicename=SEP001122334455"
    asked = execute.question(split("http://x/auth.cgi?site=1"), b"Basic Yjpj", "SEP1")
    assert asked.path == "/auth.cgi?site=1&UserID=b&Password=c&devicename=SEP1"
    for nothing in (b"", b"Basic", b"Basic YmM=", b"Bearer Yjpj", b"Basic %%%"):
        assert execute.question(split("http://x/auth"), nothing, "SEP1") is None, nothing
    assert basic.given(b"basic  Yjpj ") == b"b:c"


def test_an_item_as_a_call_manager_would_say_it():
    item = Item(0, "http://b/m,1", "services", "60", "")
    assert execute.call_info(item, "backup-service") == [
        b"<http://b/m,1>;purpose=backup-service;service=services;expires=60"]
    item = Item(0, "http://b/m", "directory", "soon", "<urn:everline:set>;purpose=backup-signature;seq=1")
    assert execute.call_info(item, "p") == [b"<http://b/m>;purpose=p;service=directory",
                                            b"<urn:everline:set>;purpose=backup-signature;seq=1"]
    for url in ("http://b/>;x", "http://b/ ", 'http://b/"', "http://b/\xe4", "http://b/\n"):
        assert not execute.call_info(Item(0, url, "services", "", ""), "p"), url


def test_of_a_post_its_fields_are_kept_and_what_follows_the_head():
    head = b"POST /CGI/Execute HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
    head += b"X: y\r\nExpect: 100-continue\r\n\r\n"
    for size in (1, 7, 1000):
        request = serve.Request()
        data = head + b"XML=&"
        for at in range(0, len(data), size):
            if request.state == serve.READING:
                request.feed(data[at : at + size])
        assert request.state == serve.WHOLE and request.path == "/CGI/Execute"
        assert request.post == {b"content-length": b"5", b"expect": b"100-continue"}
        assert request.rest == (b"XML=&" if size == 1000 else data[len(head) : -(-len(head) // size) * size])
    request = serve.Request()
    request.feed(head.replace(b"X: y", b"Content-Length: 5"))
    assert request.state == serve.REFUSED and request.status == 400
    request = serve.Request()
    request.feed(b"GET / HTTP/1.0\r\nContent-Length: 5\r\n\r\nabcde")
    assert request.post is None and request.rest == b""
