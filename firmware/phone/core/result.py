"""What a request for the screen stands on, and what it comes to."""

from collections import namedtuple

# What is asked for, or was. service: what it belongs to. pointer: the Pointer whose server is asked,
# None for a stranger's. url: the Url, None where there was nothing to ask. walks: it opens the
# service, on whichever pointer answers; else it is a link. came: an answer came. once: it was sent
# to a server before, so it goes to this one only, because the person said so. body: bytes of a form that is
# posted (application/x-www-form-urlencoded), None for a GET.
Context = namedtuple("Context", ("service", "pointer", "url", "walks", "came", "once", "body"))


def again(context):
    """The same once more, for a person who knows that it was sent before."""
    return Context(context.service, context.pointer, context.url, context.walks, False, True, context.body)


def label(context):
    """Whom a Context asks, as the user knows it."""
    if context.pointer:
        return context.pointer.label
    return context.url.host if context.url else ""


# record: a page, or None: then `sentences` say what is the matter, and `offers`, a dict of words
# and Contexts, what can be asked for instead. context: what its links stand on. notice: one line to
# show beside it; a Result with nothing but a notice changes no page. copy: the Copy (core/cache.py) of a page
# that is shown again: while servers are asked for a fresh one there are no sentences; where nobody answered
# they say why. life: a Life, None for a page that stays as it is.
Result = namedtuple("Result", ("record", "sentences", "offers", "context", "notice", "copy", "life"))
# What a server says of its page beside it. refresh: seconds until `url` is to be loaded, 0: when the person
# wants it, -1: not at all; url: str as it was written, "" the same page. expired: no way leads back to it.
Life = namedtuple("Life", ("refresh", "url", "expired"))

# LOGIN: the server asks for a password; its value is the user name that was typed before, or "".
AGAIN, ELSEWHERE, LOGIN = "again", "elsewhere", "login"
