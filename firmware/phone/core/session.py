"""What plain pages never need: what servers had the phone remember, each for its own site and as long as the
session lasts; forms that are posted; redirects; blanks in addresses.

The state is that of core/run.py Requests: `cookies` (core/cookies.py) and `logins` (core/logins.py).
"""

from micropython import const

from phone.core.manners import locale
from phone.core.outcome import ANSWER, FAILED
from phone.phrases import phrase
from phone.wire import http, url as urls

_REDIRECTS_MAX = const(5)  # RFC 9110 15.4 leaves it open; browsers take 20, a phone has less patience
_FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"


def lines(template, fetch, requests, path, now):
    """(template, path, further lines of the head) of what `fetch` asks. template: of a GET. A look in idle
    time has no session.
    """
    method, out = "GET", ""
    if "%23" in path:
        path = _filled(path, requests)
    if fetch.form is not None:
        method, out = "POST", _FORM % len(fetch.form)
        template = method + template[3:]
    if requests.cookies and not fetch.probe:
        from phone.core import cookies

        out += cookies.line(requests.cookies, fetch.url, path, now)
    if requests.logins and not fetch.probe:
        from phone.core import logins

        out += logins.line(requests.logins, fetch, method, path, requests.net.entropy, now)
    return template, path, out


def heard(fetch, requests, status, fields, now):
    """The head of an answer to `fetch` is there: (Url that is to be asked now, "", ""), (None, word of an
    outcome, half a sentence), or (None, "", "") where nothing follows from it here.
    """
    if b"set-cookie" in fields:
        from phone.core import cookies

        cookies.learn(requests.cookies, fetch.url, fields[b"set-cookie"], fields, requests.wall.utc(now), now)
    if status == 401 and requests.logins:
        from phone.core import logins

        if logins.answers(requests.logins, fetch, fields.get(b"www-authenticate", b""), now):
            return fetch.url, "", ""
    if status in (301, 302, 303, 307, 308) and b"location" in fields:
        return _whither(fetch, requests.book, status, fields[b"location"], now)
    return None, "", ""


def _whither(fetch, book, status, location, now):
    """Where a 3xx sends `fetch`, as from heard(). What was typed goes to no other site."""
    fetch.hops += 1
    url = urls.join(fetch.url, http.ascii(location))
    if url is None:
        return None, FAILED, phrase("redirects to something that is no address")
    if fetch.hops > _REDIRECTS_MAX:
        return None, FAILED, phrase("redirects in a circle")
    if not book.may_ask(url, now):
        return None, FAILED, phrase("redirects to a server that asked to be left alone")
    if status < 307:  # it has what it wanted; the answer is fetched (RFC 9110 15.4.2 to 15.4.4)
        fetch.form = None
    if fetch.form is not None and urls.site(url) != urls.site(fetch.url):
        return None, ANSWER, phrase("wants what was typed to be sent to another server")
    fetch.realm, fetch.tries = None, 0
    return url, "", ""


def _filled(path, requests):
    """The path with what a phone fills in, in the place of its blanks."""
    from phone.wire import blanks

    config, language = requests.config, requests.taste.language
    return blanks.filled(path, {
        "DEVICENAME": config.name, "MAC": config.name[-12:].upper(), "MODEL": config.model,
        "IP": requests.net.address, "LANGUAGE": language, "LOCALE": locale(language), "VERSION": http.VERSION,
    })
