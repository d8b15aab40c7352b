"""What is kept of calls that nobody took."""

from phone.core.calls import MISSED_MAX, Calls


def test_the_newest_stands_first_and_the_oldest_makes_room():
    calls = Calls()
    assert (calls.missed, calls.unread, calls.messages, calls.ringing) == ([], 0, 0, "")
    for number in range(MISSED_MAX + 5):
        calls.miss("caller %d" % number, number)
    assert len(calls.missed) == MISSED_MAX == calls.unread
    assert calls.missed[0] == (MISSED_MAX + 4, "caller %d" % (MISSED_MAX + 4))
    assert calls.missed[-1] == (5, "caller 5")


def test_who_looks_has_read_them_and_keeps_them():
    calls = Calls()
    calls.miss("Alice (203)", 1000)
    calls.read()
    assert calls.unread == 0 and calls.missed == [(1000, "Alice (203)")]
