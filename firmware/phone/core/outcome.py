"""What a request can come to: the words, and what is said of a server for each."""

from collections import namedtuple

from phone import events
from phone.phrases import phrase
from phone.records import Unshown

# word: one of those below. text: a phrase, half a sentence about the server ("refused the connection").
# record: the page, where there is one. url: where the answer came from, after redirects.
# fields: header fields that matter to the owner. retry_after_ms: 0 where it was not asked.
# status: of HTTP, 0 where there was none.
Outcome = namedtuple("Outcome", ("word", "text", "record", "url", "fields", "retry_after_ms", "status"))

PAGE = "page"  # a page, or words about one that cannot be shown: a live server said so
ANSWER = "answer"  # 4xx and the like: a live server refuses; no reason to move
FAILED = "failed"  # no answer that could be used: the next server may do better
CUT = "cut"  # as FAILED, but the server was in the middle of a page: worth one repeat
WELL = "well"  # the answer to a probe: whatever it says, a server is alive
# Of a run (core/run.py): another server was quicker; nobody wants it any more.
LOST, GIVEN_UP = "lost", "given up"

# Why a connection ended before the answer was whole, as half a sentence.
WHY = {
    events.REFUSED: phrase("refused the connection"),
    events.UNREACHABLE: phrase("cannot be reached"),
    events.RESET: phrase("broke the connection off"),
    events.END: phrase("closed the connection without an answer"),
    events.UNTRUSTED: phrase("has a certificate that this phone does not trust"),
}
# A server that had its time, by the states of a Fetch; the time it had is the part that is to be added.
LATE = (
    phrase("could not be looked up within %s"),
    phrase("had not taken the connection after %s"),
    phrase("had not answered after %s"),
    phrase("had begun to answer, but was not done after %s"),
)


def answered(record):
    """What is said of a server that gave this record: it is alive, whatever the page is."""
    if type(record) is Unshown:
        return phrase("answered, but with no page for this phone")
    return phrase("answered")
