"""What managers ask of the phone, and what the person has of it: calls, waiting messages, pushes."""

from tests.story.managers import Manager, configuration
from tests.story.sites import MENU
from tests.story.world import World

MINUTE = 60000
CALL = "Call from Ada (101)"
SUMMARY = "application/simple-message-summary"
WAITING = b"Messages-Waiting: yes\r\nMessage-Account: sip:1001@cm.test\r\nVoice-Message: %d/8 (0/2)\r\n"


def ward(seed=1, **options):
    """(world, A, B, phone): registered at A, where it is idle."""
    world = World(seed)
    a, b = Manager(world, "A"), Manager(world, "B")
    sites = (world.site("Site A"), world.site("Site B"))
    phone = world.phone(config=configuration(a, b, sites=sites, **options))
    phone.wait_for(lambda: a.bindings, within=31000)
    world.run(100)
    return world, a, b, phone


def mwi(manager, phone, count):
    body = WAITING % count if count else b"Messages-Waiting: no\r\n"
    return manager.notify(phone, "message-summary", body, SUMMARY)


def news(phone):
    return phone.screen.rows[2].text


def tones(phone):
    return [name for _, name in phone.tones]


def test_a_call_is_shown_and_kept_until_somebody_has_looked():
    world, a, _, phone = ward()
    call = a.invite(phone)
    phone.wait_for(CALL)
    assert tones(phone) == ["call"] and news(phone) == "1 missed call"
    assert phone.screen.softkeys[3] == "Calls"
    world.run(MINUTE)
    assert call.final == 480 and call.acknowledged == 1 and len(call.responses) == 1
    assert phone.screen.prompt == "" and news(phone) == "1 missed call"
    phone.press("select")
    phone.wait_for("Missed calls")
    world.run(1000)
    assert phone.screen.title == "Missed calls" and phone.screen.rows[0].text == "14:13 Ada (101)"
    phone.press("back")
    world.run(100)
    assert news(phone) == "" and phone.screen.softkeys[3] == "Settings"
    phone.press("select")
    phone.wait_for("Ada (101)")


def test_who_reads_a_page_goes_on_reading():
    world, a, _, phone = ward()
    phone.press("services")
    phone.wait_for("Services of Site A")
    a.invite(phone)
    phone.wait_for(CALL)
    assert "Services of Site A" in phone.text()
    a.invite(phone, caller='"Bob" <sip:102@cm.test>')
    world.run(2000)
    phone.press("back")
    world.run(100)
    assert news(phone) == "2 missed calls"
    phone.softkey("Calls")
    world.run(100)
    first, second = [row.text for row in phone.screen.rows]
    assert first.endswith(" Bob (102)") and second.endswith(" Ada (101)"), "the newest first"


def test_a_caller_hears_that_nobody_is_there_or_that_the_phone_is_busy():
    world, a, _, phone = ward()
    first = a.invite(phone)
    world.run(2000)
    second = a.invite(phone, caller="<sip:102@cm.test>")
    world.run(2000)
    assert (first.final, second.final) == (480, 486)
    world.run(MINUTE)
    third = a.invite(phone)
    world.run(2000)
    assert third.final == 480


def test_the_answer_to_a_call_goes_out_until_it_is_acknowledged():
    world, a, _, phone = ward()
    call = a.invite(phone, acks=False)
    world.run(2 * MINUTE)
    times = [answer.at - call.responses[0].at for answer in call.responses]
    assert len(times) == 11 and times[-1] <= 32000, "0, 0.5, 1.5, 3.5, 7.5 s, then every 4 s, up to 64 * T1"
    assert len({answer.message.fields for answer in map(tuple_fields, call.responses)}) == 1
    assert news(phone) == "1 missed call"


def tuple_fields(answer):
    return answer._replace(message=answer.message._replace(fields=tuple(answer.message.fields)))


def test_lost_datagrams_make_no_second_call():
    world, a, _, phone = ward()
    lost = []

    def lose(data, whence, where):  # the first ACK and the first answer
        if data[:3] == b"ACK" and "ack" not in lost:
            lost.append("ack")
        elif data[:11] == b"SIP/2.0 480" and "answer" not in lost:
            lost.append("answer")
        else:
            return False
        return True

    world.lost = lose
    call = a.invite(phone)
    world.run(MINUTE)
    assert sorted(lost) == ["ack", "answer"] and call.final == 480 and call.acknowledged == 2
    assert news(phone) == "1 missed call" and tones(phone) == ["call"]


def test_who_hangs_up_comes_too_late_and_is_answered():
    world, a, _, phone = ward()
    call = a.invite(phone)
    world.run(1000)
    call.cancel()
    world.run(1000)
    assert call.responses[-1].status == 200 and call.responses[-1].method == "CANCEL" and call.final == 480
    call.bye()
    world.run(1000)
    assert call.responses[-1].status == 481 and call.responses[-1].method == "BYE"


def test_a_stranger_makes_nothing_ring():
    world, _, _, phone = ward()
    stranger = Manager(world, "X", host="10.6.6.6")
    call, push = stranger.invite(phone, acks=False), mwi(stranger, phone, 3)
    world.run(MINUTE)
    assert call.final == 480 and len(call.responses) == 1 and push.final == 403
    assert phone.tones == [] and phone.lamp is False and news(phone) == ""
    assert stranger.notify(phone, "check-sync").final == 0
    asked = stranger.push("OPTIONS", phone)
    world.run(1000)
    assert asked.final == 200
    assert not stranger.requests, "nobody is registered there by that"


def test_names_of_callers_are_what_a_screen_can_show():
    world, a, _, phone = ward()
    world.lost = lambda data, whence, where: data[:10] == b"SIP/2.0 48"  # which says the same names again
    long = '"%s" <sip:%s@x>' % ("E" * 300, "3" * 300)
    for caller in ('"\x1b[31mEve\x07" <sip:1@x>', '"\u202eevE" <sip:2@x>', long):
        a.invite(phone, caller=caller)
        world.run(MINUTE)
    phone.press("select")
    world.run(100)
    text = phone.text() + "".join(said for _, said in phone.notes)
    assert all(letter == "\n" or letter.isprintable() for letter in text)
    assert "%s (%s)" % ("E" * 24, "3" * 20) in text.replace("\n", "")
    assert "E" * 25 not in text and "3" * 21 not in text


def test_messages_that_wait_light_the_lamp_and_stand_at_their_key():
    world, a, b, phone = ward()
    assert phone.lamp is False
    push = mwi(a, phone, 2)
    world.run(1000)
    assert push.final == 200 and phone.lamp is True
    assert news(phone) == "2 messages waiting" and phone.screen.softkeys[2] == "Messages (2)"
    a.invite(phone)
    world.run(1000)
    assert news(phone) == "Calls: 1, messages: 2"
    mwi(a, phone, 0)
    world.run(1000)
    assert phone.lamp is False and news(phone) == "1 missed call" and phone.screen.softkeys[2] == "Messages"


def test_the_word_of_the_home_counts():
    world, a, b, phone = ward()
    mwi(b, phone, 5)
    world.run(1000)
    assert phone.lamp is False, "B is not asked"
    mwi(a, phone, 2)
    world.run(1000)
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=MINUTE)
    world.run(100)
    assert phone.lamp is True, "what A said stays until B says otherwise"
    mwi(b, phone, 0)
    world.run(1000)
    assert phone.lamp is False


def test_check_sync_brings_a_refresh_soon_and_not_too_often():
    world, a, _, phone = ward()
    world.run(15000)
    before = world.now
    pushes = [a.notify(phone, "check-sync;reboot=false") for _ in range(5)]
    world.run(5000)
    assert {push.final for push in pushes} == {200}
    assert len(a.asked("REGISTER", since=before)) == 1
    assert a.asked("REGISTER", since=before)[0].at - before <= 2100
    a.notify(phone, "check-sync")
    world.run(4000)
    assert len(a.asked("REGISTER", since=before)) == 1, "one in ten seconds"
    world.run(10000)
    assert len(a.asked("REGISTER", since=before)) == 2


def test_a_form_is_not_taken_away_by_a_push_and_a_call_finds_the_phone_busy():
    world, a, b, phone = ward()
    c = world.site("C")
    phone.press("directory")
    phone.wait_for("People of Site A")
    phone.softkey("Search")
    phone.press("2", "2")
    world.run(3000)
    title = phone.screen.title
    frag = b"Call-Info: <%s>;purpose=backup-service;service=services\r\n" % c.url(MENU).encode()
    push, call = b.notify(phone, "backup-pointers", frag), a.invite(phone)
    phone.wait_for("A new page waits behind the key Services.")
    world.run(100)
    assert push.final == 200 and call.final == 486 and phone.screen.title == title
    assert not c.connects
    phone.press("services")
    phone.wait_for("Services of C")


def test_pushed_pointers_show_their_page_and_move_no_home():
    world, a, b, phone = ward()
    c = world.site("C")
    frag = b"Call-Info: <%s>;purpose=backup-service;service=services\r\n" % c.url(MENU).encode()
    push = b.notify(phone, "backup-pointers", frag, password="guessed")
    world.run(3000)
    assert [answer.status for answer in push.responses] == [401, 401] and not c.connects
    push = b.notify(phone, "backup-pointers", frag)
    phone.wait_for("Services of C")
    assert push.final == 200
    assert phone.agent._managers.home.label == "Site A", "a push moves no home"


def test_what_a_phone_is_not_for_is_said():
    world, a, _, phone = ward()
    wanted = {"MESSAGE": 405, "SUBSCRIBE": 405, "HELLO": 501}
    asked = {method: a.push(method, phone) for method in wanted}
    strange = a.notify(phone, "presence")
    needs = a.push("OPTIONS", phone, [("Require", "everline-9")])
    world.run(1000)
    assert {method: push.final for method, push in asked.items()} == wanted
    assert strange.final == 489 and needs.final == 420


def test_without_voice_calls_are_another_phones():
    world, a, _, phone = ward(sip={"voice": False})
    fields = dict(a.asked("REGISTER")[-1].message.fields)
    assert 'methods="OPTIONS,NOTIFY"' in fields["contact"] and fields["allow"] == "OPTIONS, NOTIFY"
    call = a.invite(phone)
    world.run(MINUTE)
    assert call.final == 405 and phone.tones == [] and news(phone) == ""


def test_calls_are_told_in_the_language_of_the_phone():
    world, a, _, phone = ward(own={"language": "de"})
    a.invite(phone)
    phone.wait_for("Anruf von Ada (101)")
    assert news(phone) == "1 verpasster Anruf" and phone.screen.softkeys[3] == "Anrufe"
