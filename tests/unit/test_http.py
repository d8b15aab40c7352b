"""wire/http.py: requests out, responses in, cut anywhere."""

from phone.wire import http


def read(data, step=None, end=False):
    """Feed a response in pieces of `step` bytes; returns (Response, body)."""
    body = bytearray()
    response = http.Response(lambda view: body.extend(bytes(view)))
    step = step or max(1, len(data))
    for at in range(0, len(data), step):
        response.feed(memoryview(data)[at : at + step])
    if end:
        response.end()
    return response, bytes(body)


def both(data, end=False):
    """The same by whole and by single bytes."""
    whole, one = read(data, None, end), read(data, 1, end)
    assert (whole[0].state, whole[0].status, whole[0].fields, whole[1]) == (
        one[0].state,
        one[0].status,
        one[0].fields,
        one[1],
    )
    return whole


def test_cookies_and_challenges_may_come_in_several_lines():
    response, _ = both(b"HTTP/1.1 401 No\r\nSet-Cookie: a=b, c; path=/\r\nSet-Cookie: d=e\r\n"
                       b"WWW-Authenticate: Basic realm=\"x\"\r\nwww-authenticate: Digest nonce=y\r\n\r\n")
    assert response.fields[b"set-cookie"] == b"a=b, c; path=/\nd=e"
    assert response.fields[b"www-authenticate"] == b"Basic realm=\"x\", Digest nonce=y"


def test_a_flood_of_cookies_takes_no_room():
    line = b"Set-Cookie: " + b"x" * 500 + b"=1\r\n"
    response, _ = both(b"HTTP/1.1 200 OK\r\n" + line * 30 + b"Content-Length: 0\r\n\r\n")
    assert 1000 < len(response.fields[b"set-cookie"]) <= 2048


def test_a_list_of_wishes_may_come_in_several_lines():
    response, _ = both(b"HTTP/1.1 200 OK\r\nCache-Control: max-age=5\r\nExpires: 0\r\nAge: 7\r\n"
                       b"cache-control:no-store\r\nContent-Length: 0\r\n\r\n")
    assert response.fields[b"cache-control"] == b"max-age=5, no-store"
    assert (response.fields[b"expires"], response.fields[b"age"]) == (b"0", b"7")


def test_a_body_of_known_length():
    response, body = both(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhelloEXTRA")
    assert (response.state, response.status, body) == (http.DONE, 200, b"hello")
    assert response.fields[b"content-type"] == b"text/xml"


def test_a_body_until_the_end():
    response, body = both(b"HTTP/1.0 200\r\n\r\nhello")
    assert response.state == http.BODY and body == b"hello"
    assert both(b"HTTP/1.0 200 OK\n\nhello", True)[0].state == http.DONE


def test_a_body_in_chunks():
    response, body = both(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        b"5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n"
    )
    assert (response.state, body) == (http.DONE, b"hello0123456789")


def test_a_body_that_is_cut_is_not_whole():
    for data in (
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ):
        response, _ = both(data, True)
        assert response.state not in (http.DONE, http.BROKEN), data


def test_no_body_where_there_is_none():
    assert both(b"HTTP/1.1 204 None\r\n\r\n")[0].state == http.DONE
    assert both(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")[0].state == http.DONE


def test_an_interim_answer_is_passed_over():
    response, body = both(
        b"HTTP/1.1 103 Hints\r\nLocation: /x\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"
    )
    assert (response.status, body) == (404, b"no") and b"location" not in response.fields


def test_what_is_not_http_is_told_at_once():
    for data in (
        b"SSH-2.0-x",
        b"\x16\x03\x01",
        b"<html>",
        b"HTTP/2 200\r\n",
        b"HTTP/1.1 2x0 OK\r\n",
        b"HTTP/1.1 20\r\n",
        b"HTTP/1.1 099 x\r\n",
        b"HTTP/1.1\r\n",
        b"\r\n\r\n",
    ):
        response, _ = read(data)
        assert response.state == http.BROKEN and response.why, data
        assert read(data, 1)[0].state == http.BROKEN, data


def test_a_header_without_end_is_given_up_and_not_kept():
    response, _ = read(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000, 1000)
    assert response.state == http.BROKEN and not response.fields
    response, _ = read(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20000, 1000)
    assert response.state == http.BROKEN


def test_a_long_line_is_passed_over_and_the_rest_is_read():
    response, body = both(b"HTTP/1.1 200 OK\r\nLocation: " + b"x" * 3000 + b"\r\nContent-Length: 2\r\n\r\nhi")
    assert (response.state, body) == (http.DONE, b"hi") and b"location" not in response.fields


def test_lengths_that_are_no_lengths():
    for value in (b"-1", b"1e3", b"5, 5", b"0x10", b"", b"9" * 40, b"+5", b"1_0"):
        response, _ = both(b"HTTP/1.1 200 OK\r\nContent-Length: " + value + b"\r\n\r\nhello")
        assert response.state == http.BROKEN, value
    assert (
        both(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")[0].state
        == http.BROKEN
    )
    assert (
        both(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello")[0].state == http.DONE
    )


def test_chunk_sizes_that_are_no_sizes():
    for size in (b"", b"g", b"-5", b"0x5", b" ", b"123456789", b"1_0"):
        response, _ = both(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\nhello")
        assert response.state == http.BROKEN, size
    assert both(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello")[0].state == http.BROKEN


def test_dates():
    assert http.date(b"Sun, 06 Nov 1994 08:49:37 GMT") == 784111777
    assert http.date(b"Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert http.date(b"Tue, 29 Feb 2028 12:00:00 GMT") == 1835438400
    for value in (
        b"",
        b"Sunday, 06-Nov-94 08:49:37 GMT",
        b"Sun, 06 Nov 1994 08:49 GMT",
        b"Sun, xx Nov 1994 08:49:37 GMT",
        b"Sun, 06 Abc 1994 08:49:37 GMT",
        b"Sun, 06 anF 1994 08:49:37 GMT",
        b"Sun, 06 Nov 1994 08:49:37 CET",
    ):
        assert http.date(value) is None, value


def test_no_bytes_whatever_make_it_raise():
    seed = 7
    good = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    )
    for _ in range(400):
        data = bytearray(good)
        for _ in range(3):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            data[seed % len(data)] = (seed >> 8) & 255
        whole, one = read(bytes(data), None, True), read(bytes(data), 1, True)
        assert (whole[0].state, whole[1]) == (one[0].state, one[1])


def test_a_connection_lasts_where_the_server_lets_it():
    def keeps(head, body=b"hello", end=False):
        return both(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body, end)[0].keeps_ms

    length = b"Content-Length: 5\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n"
    assert keeps(length) == 60000 and keeps(chunked, b"5\r\nhello\r\n0\r\n\r\n") == 60000
    assert keeps(length + b"Keep-Alive: timeout=5, max=100\r\n") == 4000
    assert keeps(length + b"Keep-Alive: timeout=0\r\n") == 0
    assert keeps(length + b"Keep-Alive: timeout=soon\r\n") == 60000
    assert keeps(length + b"Connection: close\r\n") == 0
    assert keeps(length, b"helloMORE") == 0, "what follows is not ours"
    assert keeps(length, b"hell") == 0 and keeps(b"", b"hello", True) == 0, "its end is the connection's"
    assert both(b"HTTP/1.0 200 OK\r\n" + length + b"\r\nhello")[0].keeps_ms == 0
    assert both(b"HTTP/1.1 204 No Content\r\n\r\n")[0].keeps_ms == 60000
