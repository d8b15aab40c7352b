"""Message summaries: how many messages wait."""

from phone.wire.summary import waiting

USUAL = b"Messages-Waiting: yes\r\nMessage-Account: sip:1001@vm.example\r\nVoice-Message: 2/8 (0/2)\r\n"


def test_new_messages_are_counted():
    assert waiting(USUAL) == 2
    assert waiting(USUAL + b"Fax-Message: 3/0\r\n") == 5
    assert waiting(b"messages-waiting:YES\nvoice-message:7/0") == 7


def test_no_is_no_whatever_was_counted():
    assert waiting(b"Messages-Waiting: no\r\nVoice-Message: 2/8\r\n") == 0
    assert waiting(b"Messages-Waiting: no\r\n") == 0


def test_some_may_wait_and_nobody_says_how_many():
    assert waiting(b"Messages-Waiting: yes\r\n") == -1
    assert waiting(b"Messages-Waiting: yes\r\nVoice-Message: 0/4\r\n") == -1
    assert waiting(b"Messages-Waiting: yes\r\nVoice-Message: many\r\n") == -1


def test_what_is_no_summary_is_none():
    for body in (b"", b"\r\n", b"Voice-Message: 2/8", b"Messages-Waiting: perhaps", b"\x00\xff" * 300):
        assert waiting(body) is None, body


def test_headers_of_single_messages_are_not_counted():
    assert waiting(USUAL + b"\r\nTo: <sip:1001@vm.example>\r\nVoice-Message: 500/1\r\n") == 2


def test_numbers_are_bounded():
    assert waiting(b"Messages-Waiting: yes\r\nVoice-Message: 99999999999999999999/0\r\n") == 999
    assert waiting(b"Messages-Waiting: yes\r\n" + b"Voice-Message: 900/0\r\n" * 500) == 999
