"""How the phone introduces itself: the head of each request, as commercial phones write it (services-xml.md
section 10). Services look there for what they may send. What few requests have is in core/session.py.
"""

from phone.wire.http import VERSION

# The version of the SDK is that of the vocabulary: no phone before 8.3(2) took children in any order.
_HEAD = ("%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Everline/%s (%s)\r\nx-CiscoIPPhoneModelName: %s\r\n"
         "x-CiscoIPPhoneDisplay: %d, %d, %d, G\r\nx-CiscoIPPhoneSDKVersion: 8.5.1\r\n"
         "Accept: %s\r\nAccept-Language: %s\r\nAccept-Charset: utf-8, iso-8859-1;q=0.8\r\n"
         "Accept-Encoding: identity\r\nConnection: %s\r\n%s\r\n")
ACCEPT = "x-CiscoIPPhone/*, text/*, image/png, */*;q=0.1"
# What the keys of services and directories tell of the language, by config.LANGUAGES.
_LOCALES = "en=English_United_States;de=German_Germany;fr=French_France;es=Spanish_Spain;"


def head(fetch, requests, now):
    """The head of what `fetch` (core/fetch.py) asks, as bytes. requests: core/run.py."""
    url, target, name = fetch.url, fetch.target, requests.config.name
    path, host, language = url.path, url.host, requests.taste.language
    if url.port != (443 if url.scheme == "https" else 80):
        host = "%s:%d" % (host, url.port)
    method, more = "GET", ""
    if not fetch.probe and target.walks and url is target.url and target.service in ("services", "directory"):
        for word in ("name=" + name, "locale=" + locale(language)):
            mark = "&" if "?" in path else "?"
            if mark + word[:5] not in path and "?" + word[:5] not in path:  # it has none of its own
                path += mark + word
    if "%23" in path or fetch.form is not None or requests.cookies or requests.logins:
        from phone.core import session

        method, path, more = session.lines(fetch, requests, path, now)
    said = (method, path, host, VERSION, name, requests.config.model) + requests.pane
    said += fetch.accept, language, "close" if fetch.probe else "keep-alive", more
    return (_HEAD % said).encode()


def locale(language):
    return _LOCALES.partition(language + "=")[2].partition(";")[0]
