"""The body of a message summary: how many messages wait (RFC 3842 section 5.2).

    Messages-Waiting: yes
    Message-Account: sip:1001@vmail.example.com
    Voice-Message: 2/8 (0/2)

A line of each kind of message has new/old, and (urgent new/urgent old) of these.
"""

from micropython import const

TYPE = "application/simple-message-summary"
COUNT_MAX = const(999)  # what is above helps nobody, and is three digits wide
# RFC 3458 section 6.2, as they stand before "-message"
_CONTEXTS = (b"voice", b"fax", b"pager", b"multimedia", b"text", b"none")
_LINES_MAX = const(32)  # six kinds, an account, and some headers of single messages


def waiting(body):
    """How many new messages there are, from bytes: -1 where there are some and nobody says how many. None
    where it is no summary.
    """
    said = None
    count = 0
    for line in body.split(b"\n", _LINES_MAX)[:_LINES_MAX]:
        name, colon, value = line.partition(b":")
        name, value = name.strip().lower(), value.strip().lower()
        if not colon:
            if said is not None and not line.strip():
                break  # headers of single messages follow, each of which may be called anything
            continue
        if name == b"messages-waiting":
            if value not in (b"yes", b"no"):
                return None
            said = value == b"yes"
        elif name[-8:] == b"-message" and name[:-8] in _CONTEXTS:
            fresh = value.partition(b"/")[0].strip()
            if fresh.isdigit():
                count += min(COUNT_MAX, int(fresh[:4]))
    if said is None:
        return None
    return (min(count, COUNT_MAX) or -1) if said else 0
