"""A filled form as a request: name=value pairs behind its address, or as a body (services-xml.md section 4).

Values go as UTF-8; all but letters, digits and four signs is %XX. A blank too, where browsers write "+":
every server reads %20, and some that were written by hand read nothing else.
"""

from micropython import const

from phone.phrases import phrase
from phone.ui.screen import Intent

ADDRESS_MAX = const(1024)  # what the phone asks for at most (wire/url.py)

_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*"


def encoded(text):
    out = bytearray()
    for byte in text.encode():
        if byte in _PLAIN:
            out.append(byte)
        else:
            out.extend(b"%%%02X" % byte)
    return str(bytes(out), "ascii")


def pairs(fields):
    """`fields`: iterable of (param, value); what has no param is not sent."""
    return "&".join(["%s=%s" % (encoded(param), encoded(value)) for param, value in fields if param])


def address(url, query):
    """The URL as it is on the page, with the pairs behind its own query and before its fragment."""
    if not query:
        return url
    mark = url.rfind("#") if url.count("#") == 1 else len(url)  # "#DEVICENAME#" is no fragment
    head = url[:mark]
    join = "" if head[-1:] in ("?", "&") else "&" if "?" in head else "?"
    return head + join + query + url[mark:]


def request(url, post, fields):
    """The Intent that sends `fields`, as of pairs(), to `url` as the page has it, or a phrase: why not."""
    if not url:
        return phrase("The page does not say where this goes.")
    query = pairs(fields)
    if post:
        return Intent("post", (url, query.encode()))
    url = address(url, query)
    return Intent("open", url) if len(url) <= ADDRESS_MAX else phrase("This is too long to be sent.")
