"""What servers have the phone keep for a while, each for itself (services-xml.md 2 and 11; RFC 6265).

    Set-Cookie --learn--> jar: {site: (ms of its last request, [Cookie])} --line--> Cookie

A site is scheme, host and port. The limits are those of commercial phones. The jar is a dict of
core/manners.py; nothing of it is written to the flash, and it ends with the session.
"""

from collections import namedtuple

from micropython import const

from phone.wire import http
from phone.wire.url import site

# name, value: str. path: it goes to that folder and what is below. until: ms, None: as long as the session.
Cookie = namedtuple("Cookie", ("name", "value", "path", "until"))

EACH_MAX = const(4)  # cookies of a site
SITES_MAX = const(8)
SIZE_MAX = const(255)  # characters of name, "=" and value
IDLE_MS = const(1800000)  # a site that was not asked for half an hour has ended its session
_AGE_MAX = const(31536000)  # seconds; a year outlives any session


def learn(jar, url, raw, fields, wall, now):
    """Take the cookies of an answer from `url`. raw: the values of Set-Cookie, parted by line feeds. fields:
    of the same answer, for its clock. wall: unix seconds or None.
    """
    where = site(url)
    kept = list(jar.get(where, (0, ()))[1])
    for line in raw.split(b"\n"):
        cookie = _cookie(line, url, fields, wall, now)
        if cookie:
            kept = [old for old in kept if (old.name, old.path) != (cookie.name, cookie.path)]
            if cookie.until is None or cookie.until > now:
                kept.append(cookie)
    if where not in jar and len(jar) >= SITES_MAX:
        del jar[min(jar, key=lambda name: jar[name][0])]
    if kept:
        jar[where] = now, kept[-EACH_MAX:]
    else:
        jar.pop(where, None)


def line(jar, url, path, now):
    """The line of the request, "" where the site gave none for this path."""
    for where in [name for name in jar if now - jar[name][0] >= IDLE_MS]:
        del jar[where]
    where = site(url)
    if where not in jar:
        return ""
    kept = [cookie for cookie in jar[where][1] if cookie.until is None or cookie.until > now]
    jar[where] = now, kept
    path = path.partition("?")[0]
    out = sorted([(-len(c.path), at) for at, c in enumerate(kept) if _covers(c.path, path)])  # RFC 6265 5.4
    out = "; ".join(["%s=%s" % (kept[at].name, kept[at].value) for _, at in out])
    return "Cookie: %s\r\n" % out if out else ""


def _covers(folder, path):
    """Whether a cookie of `folder` goes with a request for `path` (RFC 6265 5.1.4)."""
    if not path.startswith(folder):
        return False
    return len(path) == len(folder) or folder.endswith("/") or path[len(folder)] == "/"


def _cookie(line, url, fields, wall, now):
    """A Cookie, one that is over already to take another back; or None where it is to be ignored."""
    try:
        parts = [part.strip() for part in str(line, "utf-8").split(";")]
    except UnicodeError:
        return None
    name, mark, value = parts[0].partition("=")
    name, value = name.strip(), value.strip()
    if not (mark and name) or len(parts[0]) > SIZE_MAX or min(line) < 32 or b"\x7f" in line:
        return None
    said = {}
    for part in parts[1:]:
        word, _, text = part.partition("=")
        said[word.strip().lower()] = text.strip()  # the last of a name counts (RFC 6265 5.3)
    domain = said.get("domain", "").lower().lstrip(".")
    if domain and url.host != domain and not url.host.endswith("." + domain):
        return None
    if "secure" in said and url.scheme != "https":
        return None
    path = said.get("path", "")
    if not path.startswith("/"):
        here = url.path.partition("?")[0]
        path = here[: max(1, here.rfind("/"))]
    return Cookie(name, value, path, _until(said, fields, wall, now))


def _until(said, fields, wall, now):
    age = said.get("max-age", "")
    if age.lstrip("-").isdigit() and len(age) > age.count("-") < 2:
        return now + min(int(age[:10]), _AGE_MAX) * 1000 if age[0] != "-" and int(age[:10]) else 0
    ends = http.date(said.get("expires", "").replace("-", " ").encode())  # Netscape wrote 01-Jan-2030
    clock = http.date(fields.get(b"date", b""))  # its clock, for its wish
    clock = wall if clock is None else clock
    if ends is None or clock is None:
        return None
    return now + min(ends - clock, _AGE_MAX) * 1000 if ends > clock else 0
