"""core/journal.py: the last lines, by number, and fewer of them where there is no room."""

from phone.core.journal import NOTES_LEAST, NOTES_MAX, Journal
from phone.phrases import phrase


def test_the_last_lines_are_kept_and_found_by_number():
    journal = Journal()
    for number in range(1, 101):
        journal.say(phrase("Line %d.", number), number)
    assert len(journal.lines) == NOTES_MAX == 64
    assert journal.replay(1) == (37, 37, "Line 37.") and journal.replay(100) == (100, 100, "Line 100.")
    assert journal.replay(101) is None


def test_without_room_the_oldest_go_and_the_numbers_stay():
    journal = Journal()
    for number in range(1, 41):
        journal.say(phrase("Line %d.", number), number)
    journal.relieve()
    assert len(journal.lines) == NOTES_LEAST and journal.replay(1)[0] == 41 - NOTES_LEAST
    journal.say(phrase("Line %d.", 41), 41)
    assert journal.replay(41) == (41, 41, "Line 41.")
    journal.relieve()
    journal.relieve()
    assert len(journal.lines) == NOTES_LEAST
