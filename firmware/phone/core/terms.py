"""What a server wishes for a copy of its page: Cache-Control, Expires, Age (RFC 9111 section 5, RFC 5861).

Loaded with the first answer that has one of them: many servers have none.
"""

from phone.core.cache import EVER
from phone.wire import http


def terms(fields, wall):
    """((fresh, ahead, instead) or None: it must not be kept, seconds since it was made) of an answer, by its
    header fields; all as in Copy of core/cache.py. wall: unix seconds or None.
    """
    said = _directives(fields.get(b"cache-control", b""))
    since = _seconds(fields.get(b"age", b"0"), 0)
    if b"no-store" in said or b"no-cache" in said:
        return None, since
    fresh = _seconds(said[b"max-age"], 0) if b"max-age" in said else _until(fields, wall)
    if b"must-revalidate" in said:
        return ((fresh, 0, 0) if fresh else None), since
    ahead = _seconds(said.get(b"stale-while-revalidate"), EVER)
    instead = _seconds(said.get(b"stale-if-error"), EVER)
    return ((fresh, ahead, instead) if fresh or ahead or instead else None), since


def _until(fields, wall):
    """Seconds until Expires, by the clock of who says it; 0 where it is past, nonsense or not there."""
    if b"expires" not in fields:
        return 0
    end = http.date(fields[b"expires"])
    clock = http.date(fields.get(b"date", b""))
    clock = wall if clock is None else clock
    return 0 if end is None or clock is None else max(0, min(end - clock, EVER))


def _seconds(value, default):
    """delta-seconds (RFC 9111 section 1.2.2); nonsense is 0: stale."""
    if value is None:
        return default
    value = value.strip(b'" ')
    return min(int(value[:9]), EVER) if value.isdigit() else 0


def _directives(field):
    """{name in lower case: value}; of one that is there twice the first counts."""
    said = {}
    for part in field.split(b","):
        name, _, value = part.partition(b"=")
        name = name.strip().lower()
        if name not in said:
            said[name] = value
    return said
