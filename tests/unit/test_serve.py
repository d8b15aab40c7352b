"""wire/serve.py: what a visitor sends, whole, torn or hostile; what goes back."""

from phone.wire import serve
from phone.wire.serve import HEAD_MAX, READING, REFUSED, TARGET_MAX, WHOLE, Request

GOOD = b"GET /metrics?x=1 HTTP/1.1\r\nHost: 10.0.0.9\r\nUser-Agent: t\r\n\r\n"


def read(data, piece=0):
    request = Request()
    for at in range(0, len(data), piece or len(data)):
        request.feed(memoryview(data)[at : at + (piece or len(data))])
    return request


def refused(data):
    """The status, the same for whole and torn requests."""
    states = [read(data, piece) for piece in (0, 1, 7, 256)]
    assert [request.state for request in states] == [REFUSED] * 4, (data[:80], [r.state for r in states])
    statuses = [request.status for request in states]
    assert statuses == [statuses[0]] * 4, (data[:80], statuses)
    return statuses[0]


def test_a_request_is_read_in_pieces_of_any_size():
    for piece in (0, 1, 2, 5, 64, 256):
        request = read(GOOD, piece)
        assert request.state == WHOLE and request.path == "/metrics" and request.chunks
        assert not request.head_only and request.authorization == b""


def test_half_a_request_is_waited_for():
    for cut in range(len(GOOD)):
        assert read(GOOD[:cut] or b"", 3).state == READING if cut else True


def test_methods_and_versions():
    request = read(b"HEAD / HTTP/1.0\n\n")
    assert request.state == WHOLE and request.head_only and not request.chunks
    for method in (b"PUT", b"DELETE", b"OPTIONS", b"get", b"BREW"):
        assert refused(method + b" / HTTP/1.1\r\nHost: x\r\n\r\n") == 405, method
    assert refused(b"GET / HTTP/2.0\r\n\r\n") == 505
    assert refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505


def test_a_proxys_form_and_empty_lines_before_are_taken():
    request = read(b"\r\n\r\nGET http://phone.example:80/metrics?q HTTP/1.1\r\nHost: phone.example\r\n\r\n")
    assert request.state == WHOLE and request.path == "/metrics"
    assert read(b"GET http://phone.example HTTP/1.0\r\n\r\n").path == "/"


def test_what_is_no_http_is_refused_at_once():
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that was told https
        b"\x00\x00\x00\x00", b"\xff\xfe\xfd", b"SSH-2.0-x\n", b"GET\n", b"GET /\r\n", b"GET  / HTTP/1.1\r\n",
        b"GET / HTTP/1.1 \r\n", b"GET / FTP/1.1\r\n", b" GET / HTTP/1.1\r\n", b"GET menu HTTP/1.1\r\n",
        b"GET * HTTP/1.1\r\n", b"G:T / HTTP/1.1\r\n", b"GET /\xc3\xa4 HTTP/1.1\r\n",
        b"GET /\x01 HTTP/1.1\r\n", b"GET / HTTP/1.1\r\r\n", b"GET /\tHTTP/1.1\n",
    ):  # fmt: skip
        assert refused(data) == 400, data


def test_fields_must_be_fields():
    first = b"GET / HTTP/1.1\r\nHost: x\r\n"
    for line in (b" folded: x", b"no colon", b": x", b"blank : x", b"nul: \x00", b"cr: a\rb", b"H\xc3: x"):
        assert refused(first + line + b"\r\n\r\n") == 400, line
    assert read(first + b"Any-Thing: caf\xe9 \xc3\xa9\r\n\r\n").state == WHOLE  # obs-text (RFC 9110 5.5)


def test_a_host_is_wanted_once():
    assert refused(b"GET / HTTP/1.1\r\n\r\n") == 400
    assert refused(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == 400
    assert read(b"GET / HTTP/1.0\r\n\r\n").state == WHOLE


def test_nothing_grows_without_end():
    assert refused(b"GET /" + b"a" * (HEAD_MAX * 2)) == 414
    assert refused(b"GET /" + b"a" * TARGET_MAX + b"aaaaaaaaaaaaaaaaaa HTTP/1.1\r\n\r\n") == 414
    assert refused(b"A" * 5000) == 400
    assert refused(GOOD[:-2] + b"Cookie: " + b"c" * HEAD_MAX + b"\r\n\r\n") == 431
    assert refused(GOOD[:-2] + b"a: b\r\n" * 400) == 431
    assert refused(b"\r\n" * 5000) == 400, "empty lines for ever"
    request = Request()
    for _ in range(5000):
        request.feed(b"x" * 200)
    assert request.state == REFUSED and len(request._line) == 0


def test_what_comes_after_the_head_is_passed_over():
    request = read(GOOD + GOOD + b"\x00\xff" * 500)
    assert request.state == WHOLE and request.path == "/metrics"


def test_an_authorization_is_kept_as_it_came():
    first = b"GET / HTTP/1.0\r\n"
    assert read(first + b"authorization:  Basic dXNlcjpw \r\n\r\n").authorization == b"Basic dXNlcjpw"
    assert refused(first + b"Authorization: Basic YQ==\r\nAuthorization: Basic Yg==\r\n\r\n") == 400


def test_an_answers_head():
    lines = serve.head(200, "OK", "text/html; charset=utf-8", 12).split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK" and lines[-2:] == [b"", b""]
    for line in (b"Content-Length: 12", b"Connection: close", b"Cache-Control: no-store"):
        assert line in lines, line
    assert b"Content-Length" not in serve.head(200, "OK", "text/plain")
    assert b"\r\nAllow: GET\r\n" in serve.head(405, "No.", "text/plain", 0, "Allow: GET\r\n")


def test_pieces_are_bounded_and_chunks_add_up():
    parts = ["line %d of it\n" % number for number in range(300)]
    plain = list(serve.pieces(parts, False))
    assert b"".join(plain) == "".join(parts).encode() and max([len(piece) for piece in plain]) <= 1024
    chunked = b"".join(serve.pieces(parts, True))
    out, at = b"", 0
    while True:
        end = chunked.find(b"\r\n", at)
        size = int(str(chunked[at:end], "ascii"), 16)
        out += chunked[end + 2 : end + 2 + size]
        assert chunked[end + 2 + size : end + 4 + size] == b"\r\n"
        at = end + 4 + size
        if not size:
            break
    assert out == "".join(parts).encode() and at == len(chunked)
    assert list(serve.pieces([], True)) == [b"0\r\n\r\n"] and list(serve.pieces(["", ""], False)) == []


def test_nothing_escapes():
    assert serve.marked("<b a=\"1\" c='2'>&amp;") == "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;"
    assert serve.quoted('say "no" \\ and\nnew\x00line') == '"say \\"no\\" \\\\ and?new?line"'
    assert serve.marked("ünï — 文\U0001f600") == "ünï — 文\U0001f600"
    assert serve.marked("\x85\u009f") == "??"
    assert serve.marked(chr(0xFFFE) + chr(0xFFFF)) == "??"
