"""core/manager.py, telling.py: what broke off for want of memory goes on, and stands nowhere half done."""

from managed import MINUTE, Story, registered

HEAP = "256wK"  # the whole of SIP is compiled, which a phone never does


def test_a_registration_that_broke_off_for_want_of_memory_is_begun_again():
    story = Story("10.0.0.1")
    manager = story.all.list[0]
    send, left = manager._send, [2]

    def fails(now):
        if left[0] and manager._job == "register":
            left[0] -= 1
            raise MemoryError
        return send(now)

    manager._send = fails
    for _ in range(4):
        try:
            story.until(lambda: story.all.registered, 31000)
            break
        except MemoryError:
            story.now += 1
    assert story.all.registered and not left[0]


def test_an_answer_for_which_there_was_no_room_is_asked_for_again():
    story = registered("10.0.0.1")
    a, manager, left = story.servers["10.0.0.1"], story.all.list[0], [1]
    line = manager._line

    def fails(word, now):
        if word == "200" and left[0]:
            left[0] -= 1
            raise MemoryError
        return line(word, now)

    manager._line = fails
    try:
        story.run(MINUTE)
    except MemoryError:
        pass
    since = story.now
    story.run(MINUTE)
    assert not left[0] and a.of("OPTIONS", since) and story.all.registered, "or it would never be asked again"


def test_a_move_whose_sentence_had_no_room_is_a_move():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    say, left = story.all.say, [1]

    def fails(said, now):
        if left[0] and said[0].startswith("Registered"):
            left[0] -= 1
            raise MemoryError
        return say(said, now)

    story.all.say = fails
    a.answer = "silent"
    try:
        story.until(lambda: b.bound and story.all.registered, 60000)
        story.run(100)
    except MemoryError:
        pass
    story.run(MINUTE)
    assert not left[0] and story.book.home == 1, "or its pointers would not be those of the home"
    assert [manager.home for manager in story.all.list] == [False, True], "or the old one would be kept alive"
