"""The head of an HTTP/1.1 request as bytes, as commercial phones write it (services-xml.md section 10):
services look there for what they may send.
"""

from phone.wire.http import VERSION

# The version is that of the vocabulary: no phone before 8.3(2) took children in any order, or traps for keys.
_HEAD = ("%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Everline/%s (%s)\r\nx-CiscoIPPhoneModelName: %s\r\n"
         "x-CiscoIPPhoneDisplay: %s\r\nx-CiscoIPPhoneSDKVersion: 8.5.1\r\n"
         "Accept: %s\r\nAccept-Language: %s\r\nAccept-Charset: utf-8, iso-8859-1;q=0.8\r\n"
         "Accept-Encoding: identity\r\nConnection: %s\r\n%s\r\n")
_FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"
ACCEPT = "x-CiscoIPPhone/*, text/*, image/png, */*;q=0.1"


def request(method, url, path, who, keep, form=None, more=""):
    """The head of a request for `path` to the server of `url` (wire/url.py Url), as bytes.

    who: (name of the phone, model, display, kinds that it can show, language), str as its fields have them.
    keep: the connection may serve another request. form: bytes that follow, or None. more: further lines.
    """
    host = url.host
    if url.port != (443 if url.scheme == "https" else 80):
        host = "%s:%d" % (host, url.port)
    if form is not None:
        more += _FORM % len(form)
    said = (method, path, host, VERSION) + who + ("keep-alive" if keep else "close", more)
    return (_HEAD % said).encode()
