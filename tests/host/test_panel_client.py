"""The client of the panel link against a stand-in: what it reads, what it waits for, what it survives."""

import time

import pytest

from host_tools.panel import LINE_MAX, Panel, PanelError
from host_tools.picture import Picture
from tests.host.fake_phone import HEIGHT, KEYS, WIDTH, FakePhone, picture, screen


def connected(phone) -> Panel:
    return Panel.connect("127.0.0.1", phone.port)


def test_it_knows_the_phone_after_connecting():
    with FakePhone() as phone, connected(phone) as panel:
        assert panel.hello["label"] == "Ward 3"
        assert panel.keys == tuple(KEYS)
        assert panel.screen["title"] == "Menü"
        assert panel.wait_note("starts", 2)["t"] == 5


def test_the_screen_reads_as_text():
    with FakePhone() as phone, connected(phone) as panel:
        assert panel.text().splitlines() == [
            "● A  09:41", "Menü", "   1 News", ">  2 Ελένη", "[Choose]", "Select | Exit | Back | "]


def test_pixels_become_a_picture_with_the_leftmost_pixel_in_the_lowest_bits():
    with FakePhone() as phone, connected(phone) as panel:
        panel.settle(2)
        image = panel.image()
        assert image.size == (WIDTH, HEIGHT)
        red, green, white, black = (255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 0)
        row = [image.getpixel((x, HEIGHT - 1)) for x in range(WIDTH)]
        assert row == [red, green, white, black, white, red]
        assert panel.image(3).size == (WIDTH * 3, HEIGHT * 3)


def test_a_press_waits_until_the_phone_has_taken_the_key():
    with FakePhone() as phone, connected(phone) as panel:
        panel.press("services")
        assert phone.heard == [{"key": "services"}]
        assert panel.screen["keys"] == 1


def test_a_key_that_changes_nothing_is_taken_all_the_same():
    def answer(message):
        return [] if "key" in message else phone.taken()
    with FakePhone(answer=answer) as phone, connected(phone) as panel:
        panel.press("down")
        assert phone.heard == [{"key": "down"}, {"ask": "screen"}]


def test_a_hold_is_a_press_and_a_release():
    with FakePhone() as phone, connected(phone) as panel:
        begun = time.monotonic()
        panel.hold("up", 0.2)
        assert time.monotonic() - begun >= 0.2
        assert phone.heard == [{"key": "up", "down": True}, {"key": "up", "down": False}]


def test_an_unknown_key_is_refused_with_the_list_of_keys():
    with FakePhone() as phone, connected(phone) as panel:
        with pytest.raises(PanelError, match="no key 'any'.*services back soft1"):
            panel.press("any")
        assert phone.heard == []


def test_what_does_not_come_is_said_with_the_screen_that_is_there():
    with FakePhone() as phone, connected(phone) as panel:
        with pytest.raises(PanelError) as failed:
            panel.wait(lambda shown: shown["title"] == "News", 0.2, "the news")
        assert "for the news" in str(failed.value)
        assert "Menü" in str(failed.value)
        assert "Traceback" not in str(failed.value)


def test_settle_waits_for_the_end_of_loading_and_for_the_frame():
    with FakePhone() as phone, connected(phone) as panel:
        panel.settle(2)
        phone.send({"screen": screen(busy=True, keys=3)}, {"frame": 8, "keys": 3})
        panel.wait(lambda shown: shown["busy"], 2)
        with pytest.raises(PanelError, match="busy"):
            panel.settle(0.2)
        phone.send({"screen": screen(keys=3)})
        with pytest.raises(PanelError):
            panel.settle(0.2)
        phone.send({"frame": 9, "keys": 3})
        assert panel.settle(2)["keys"] == 3


def test_garbage_and_lines_too_long_do_no_harm():
    rude = [b"\n", b"not json\n", b"\xff\xfe\x00\n", b"[]\n", b"17\n", b"[" * 100000 + b"\n",
            b'{"screen": 1}\n', b'{"screen": {"rows": 5, "softkeys": {}, "keys": "x"}}\n',
            b'{"pixels": {"y": -1}}\n',
            b'{"pixels": {"y": 0, "h": 4, "palette": ["red"], "data": "!"}}\n', b'{"pixels": []}\n',
            b'{"note": "x"}\n', b'{"frame": "x"}\n', b'{"light": {}}\n', b'{"later": 1}\n',
            b'{"hello": "everline", "width": "wide"}\n', b"x" * (3 * LINE_MAX) + b"\n"]
    with FakePhone() as phone, connected(phone) as panel:
        phone.send(*rude, {"screen": screen(title="After")})
        shown = panel.wait(lambda s: s["title"] == "After", 5, "the screen after the garbage")
        assert shown["softkeys"] == ["Select", "Exit", "Back", ""]
        assert panel.odd >= len(rude) - 3
        assert not panel.closed


def test_nobody_there_is_a_sentence():
    with FakePhone() as phone:
        port = phone.port
    with pytest.raises(PanelError, match="No phone answers at 127.0.0.1:%d" % port):
        Panel.connect("127.0.0.1", port)


def test_something_else_than_a_phone_is_a_sentence():
    with FakePhone(first=[b"220 mail ready\r\n"]) as phone:
        with pytest.raises(PanelError, match="no phone's panel"):
            Panel.connect("127.0.0.1", phone.port, timeout=0.3)


def test_a_phone_that_goes_away_ends_every_waiting():
    with FakePhone() as phone, connected(phone) as panel:
        phone.hang_up()
        with pytest.raises(PanelError, match="is gone"):
            panel.wait(lambda shown: False, 5)
        with pytest.raises(PanelError, match="is gone"):
            panel.press("services", 2)


def test_the_bands_of_a_picture_give_the_same_picture_again():
    first, second = Picture(WIDTH, HEIGHT), Picture(WIDTH, HEIGHT)
    assert first.put(picture())
    assert first.put({**picture(), "y": 1, "h": 1, "data": "JwE=", "palette": ["#010203"] * 4})
    assert len(first.bands()) == 3
    for band in first.bands():
        assert second.put(band)
    assert second.image().tobytes() == first.image().tobytes()
