"""What a request for the screen stands on, and what it comes to."""

from collections import namedtuple

# Where a page came from: the service it belongs to, the Pointer (None for a stranger's page), and
# its Url (None where no page came).
Context = namedtuple("Context", ("service", "pointer", "url"))
# record: a page, or None: then `sentences` say what is the matter and `offers` which words make
# sense as softkeys. context: what its links stand on. notice: one line to show beside it; a
# Result with nothing but a notice changes no page. enters: it opens a service.
Result = namedtuple("Result", ("record", "sentences", "offers", "context", "notice", "enters"))

AGAIN, ELSEWHERE = "again", "elsewhere"
