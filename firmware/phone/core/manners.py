"""What each request says of this phone, as servers of commercial phones know it (services-xml.md section 10),
and what servers had it remember: cookies and passwords, each for its own site, as long as the session.

What few phones meet comes when they meet it: cookies.py, logins.py, wire/blanks.py.
"""

from phone.wire.http import VERSION
from phone.wire.request import request

# What the services and directory keys tell of the language, by config.LANGUAGES.
_LOCALES = {"en": "English_United_States", "de": "German_Germany", "fr": "French_France",
            "es": "Spanish_Spain"}
_TELLS = ("services", "directory")  # the keys that do


class Manners:
    """`config`: config.py; `net`: core/net.py; `wall`: core/wall.py."""

    def __init__(self, config, net, wall):
        self.taste = config  # what has the language that the phone speaks now
        self.pane = "298, 144, 2, G"  # where pages are drawn: width, height, bits, grey or colour
        self.cookies = {}  # of core/cookies.py
        self.logins = []  # of core/logins.py
        self._config = config
        self._net = net
        self._wall = wall

    def leave(self):
        """The session is over: the person has left all pages."""
        self.cookies, self.logins = {}, []

    def request(self, fetch, now):
        """The head of what `fetch` (core/fetch.py) asks, as bytes."""
        url, target = fetch.url, fetch.target
        path, more = url.path, ""
        method = "GET" if fetch.form is None else "POST"
        if "%23" in path:
            path = self._filled(path)
        if not fetch.probe:
            if url is target.url and target.walks and target.service in _TELLS:
                path = self._telling(path)
            if self.cookies:
                from phone.core import cookies

                more = cookies.line(self.cookies, url, path, now)
            if self.logins:
                from phone.core import logins

                more += logins.line(self.logins, fetch, method, path, self._net.entropy, now)
        name, model, language = self._config.name, self._config.model, self.taste.language
        who = name, model, self.pane, fetch.accept, language
        return request(method, url, path, who, not fetch.probe, fetch.form, more)

    def heard(self, fetch, status, fields, now):
        """The head of an answer to `fetch` is there; whether it is to ask once more, with a password."""
        if b"set-cookie" in fields:
            from phone.core import cookies

            wall = self._wall.utc(now)
            cookies.learn(self.cookies, fetch.url, fields[b"set-cookie"], fields, wall, now)
        if status != 401 or not self.logins:
            return False
        from phone.core import logins

        return logins.answers(self.logins, fetch, fields.get(b"www-authenticate", b""), now)

    def _telling(self, path):
        """With the phone's name and language, each where the address has none of its own."""
        for name, value in (("name", self._config.name), ("locale", _LOCALES[self.taste.language])):
            query = path.partition("?")[2]
            if not ("&" + query).startswith("&%s=" % name) and "&%s=" % name not in query:
                path += "%s%s=%s" % ("&" if query else "" if path.endswith("?") else "?", name, value)
        return path

    def _filled(self, path):
        from phone.wire import blanks

        config, language = self._config, self.taste.language
        mac = config.name[-12:].upper()
        return blanks.filled(path, {
            "DEVICENAME": config.name, "MAC": mac, "MODEL": config.model, "IP": self._net.address,
            "LANGUAGE": language, "LOCALE": _LOCALES[language], "VERSION": VERSION,
        })
