"""URLs as text: split, join, rebase. No clock, no choice, never an exception.

Follows RFC 3986 (sections 3 and 5.2) as far as pages need it: http and https, no user names
in the authority (RFC 9110 section 4.2.4 forbids to make them), no IPv6 literals (the stock
firmware has no IPv6 sockets). What comes out is printable ASCII without blanks, so that it
can stand in a request line.
"""

from collections import namedtuple

# port: int. path: begins with "/", holds the query, never the fragment.
Url = namedtuple("Url", ("scheme", "host", "port", "path"))

PORTS = {"http": 80, "https": 443}
URL_MAX = 1024  # longer ones are refused: a shortened URL would be another command
LOCAL = "names that end in .local need multicast DNS, which this phone does not speak"
_SCHEME = "abcdefghijklmnopqrstuvwxyz0123456789+-."
_HOST = "abcdefghijklmnopqrstuvwxyz0123456789-._"
# Left as they are in a path or query; "%" too, since pages write what is quoted already.
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%[]|"


def scheme(url):
    """The scheme in lower case ("http", "dial", "softkey"), or "" for a relative reference."""
    head = url.partition(":")[0]
    if len(head) == len(url) or not head or not head[0].isalpha():
        return ""
    lower = head.lower()
    for letter in lower:
        if letter not in _SCHEME:
            return ""
    return lower


def split(url):
    """An absolute http(s) URL as Url, or None where it is not one that can be asked for."""
    kind = scheme(url)
    if kind not in PORTS or len(url) > URL_MAX or url[len(kind) : len(kind) + 3] != "://":
        return None
    rest = _bare(url[len(kind) + 3 :])
    cut = len(rest)
    for mark in "/?":
        at = rest.find(mark)
        if 0 <= at < cut:
            cut = at
    host, colon, digits = rest[:cut].lower().partition(":")
    path = rest[cut:]
    if not path.startswith("/"):
        path = "/" + path
    if not host or host.startswith(".") or host.strip(_HOST):  # strip: a loop in C over all of it
        return None
    port = PORTS[kind]
    if digits:
        if not digits.isdigit() or len(digits) > 5 or not 0 < int(digits) < 65536:
            return None
        port = int(digits)
    return Url(kind, host, port, quote(path))


def text(url):
    """The URL written out again, the port only where it is not the scheme's own."""
    return site(url) + url.path


def site(url):
    """scheme://host:port of a Url: what one server is known by."""
    if url.port == PORTS[url.scheme]:
        return "%s://%s" % (url.scheme, url.host)
    return "%s://%s:%d" % (url.scheme, url.host, url.port)


def quote(path):
    """Blanks, control characters and everything beyond ASCII as %XX of their UTF-8 bytes."""
    if not path.encode().strip(_PLAIN):  # all of it is plain, seen without a loop of ours
        return path
    out = bytearray()
    for byte in path.encode():
        if byte in _PLAIN:
            out.append(byte)
        else:
            out.extend(b"%%%02X" % byte)
    return str(bytes(out), "ascii")


def join(base, reference):
    """`reference` as it stands on the page at `base` (a Url) -> Url, or None (RFC 3986 5.2)."""
    reference = reference.strip()
    if scheme(reference):
        return split(reference)
    reference = _bare(reference)
    if reference.startswith("//"):
        return split(base.scheme + ":" + reference)
    where = base.path.partition("?")[0]
    if not reference:
        path = base.path
    elif reference.startswith("?"):
        path = where + reference
    else:
        folder = "" if reference.startswith("/") else where[: where.rfind("/") + 1]
        path, mark, query = (folder + reference).partition("?")
        path = _without_dots(path) + mark + query
    if len(path) > URL_MAX:
        return None
    return Url(base.scheme, base.host, base.port, quote(path))


def rebase(url, old, new):
    """The page that answers to `url` under the pointer `new` instead of `old` (all Url).

    A path below the folder of the old pointer is put below the folder of the new one; any
    other path is kept. None where `url` is not on the old pointer's site.
    """
    if site(url) != site(old):
        return None
    folder = old.path[: old.path.partition("?")[0].rfind("/") + 1]
    path = url.path
    if path.startswith(folder):
        path = new.path[: new.path.partition("?")[0].rfind("/") + 1] + path[len(folder) :]
    return Url(new.scheme, new.host, new.port, path)


def is_literal(host):
    """True for a dotted IPv4 address, which needs no name server. A part with a leading zero is none:
    some take it for octal, and the platform would ask its own resolver, which blocks.
    """
    parts = host.split(".")
    if len(parts) != 4:
        return False
    for part in parts:
        if not part.isdigit() or len(part) > 3 or int(part) > 255 or part != str(int(part)):
            return False
    return True


def is_local(host):
    """Whether the name belongs to multicast DNS (RFC 6762 section 3), which a name server must not answer."""
    return host.rstrip(".").endswith(".local")


def _bare(reference):
    """Without its fragment."""
    if "#" not in reference:
        return reference
    from phone.wire.blanks import bare  # it may be a blank that the phone fills in

    return bare(reference)


def _without_dots(path):
    out = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(out) > 1:
                out.pop()
        elif part != ".":
            out.append(part)
    if parts[-1] in (".", ".."):
        out.append("")
    return "/".join(out)
