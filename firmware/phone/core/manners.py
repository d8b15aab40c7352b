"""How the phone introduces itself: the head of each request, as commercial phones write it (services-xml.md
section 10). Services look there for what they may send. What few requests have is in core/session.py.
"""

from phone.wire.http import VERSION

# The version of the SDK is that of the vocabulary: no phone before 8.3(2) took children in any order.
_HEAD = ("GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Everline/%s (%s)\r\nx-CiscoIPPhoneModelName: %s\r\n"
         "x-CiscoIPPhoneDisplay: %d, %d, %d, G\r\nx-CiscoIPPhoneSDKVersion: 8.5.1\r\n"
         "Accept: %s\r\nAccept-Language: %s\r\nAccept-Charset: utf-8, iso-8859-1;q=0.8\r\n"
         "Accept-Encoding: identity\r\nConnection: %s\r\n%s\r\n")
ACCEPT = "x-CiscoIPPhone/*, text/*, image/png, */*;q=0.1"
# What the keys of services and directories tell of the language.
_LANGUAGES = "en de fr es"  # as in config.py, which is forgotten once it was used
_LOCALES = "English_United_States", "German_Germany", "French_France", "Spanish_Spain"
_TOLD = "name=%s&locale=%s"  # in one: a short word is a name to MicroPython, and names stay for ever


def head(fetch, requests, now):
    """The head of what `fetch` (core/fetch.py) asks, as bytes. requests: core/run.py."""
    url, target, name = fetch.url, fetch.target, requests.config.name
    path, host, language = url.path, url.host, requests.taste.language
    if url.port != (443 if url.scheme == "https" else 80):
        host = "%s:%d" % (host, url.port)
    template, more = _HEAD, ""
    if not fetch.probe and target.walks and url is target.url and target.service in ("services", "directory"):
        for word in (_TOLD % (name, locale(language))).split("&"):
            mark = "&" if "?" in path else "?"
            if mark + word[:5] not in path and "?" + word[:5] not in path:  # it has none of its own
                path += mark + word
    if b"%23" in path.encode() or fetch.form is not None or requests.cookies or requests.logins:
        from phone.core import session

        template, path, more = session.lines(template, fetch, requests, path, now)
    said = (path, host, VERSION, name, requests.config.model) + requests.pane
    said += fetch.accept, language, "close" if fetch.probe else "keep-alive", more
    return (template % said).encode()


def locale(language):
    return _LOCALES[_LANGUAGES.find(language) // 3]
