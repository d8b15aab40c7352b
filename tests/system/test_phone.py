"""The phone as a process: broken configurations, the watchdog, the small display."""

import json
import signal
import time

import pytest


@pytest.mark.parametrize(
    "text, word",
    [
        ("{", "not valid JSON"),
        ("[1]", "object"),
        ('{"homes": [], 1: 2}', "no such key"),
        ("[" * 20000, "longer than"),
        ("[" * 9000, "the file"),
        ("7" * 9000, "configuration"),
        (" " * 1000000, "longer than"),
        ('{"%s": 1}' % "x" * 900, "not valid JSON"),
        ('{"\\u001b[31mred": 1}', "?[31mred: there is no such key"),
        ('{"homes": [{"name": "A", "pointers": {"services": "gopher://x"}}]}', "homes[0].pointers.services"),
    ],
)
def test_a_broken_configuration_is_a_sentence_on_a_living_phone(start, tmp_path, text, word):
    file = tmp_path / "config.json"
    file.write_text(text)
    ward = start(config=file)
    screen = ward.panel.wait(lambda s: s["title"] == "Configuration", 3, "the sentence")
    said = " ".join(row["text"] for row in screen["rows"])
    assert word in said, said
    ward.press("soft1", "settings")
    ward.panel.wait(lambda s: s["title"] == "Settings", 2, "the settings")


def test_a_configuration_that_is_not_there(start, tmp_path):
    ward = start(config=tmp_path / "none.json")
    ward.panel.wait(lambda s: any("cannot be read" in row["text"] for row in s["rows"]), 3, "the sentence")


def test_what_is_right_beside_a_mistake_serves(start, world, tmp_path):
    raw = world.configuration()
    raw["timers"]["rest_ms"] = "soon"
    file = tmp_path / "config.json"
    file.write_text(json.dumps(raw))
    ward = start(config=file)
    ward.panel.wait(lambda s: s["title"] == "Configuration", 3, "the sentence")
    ward.press("services")
    ward.page_of("A", 3000)


def test_a_phone_that_hangs_is_started_anew_and_says_why(start):
    events = []
    ward = start(on_event=events.append)
    ward.phone.send(signal.SIGSTOP)
    deadline = time.monotonic() + 20
    while ward.phone.starts < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ward.phone.starts == 2, events
    deadline = time.monotonic() + 5
    while not any("watchdog" in line for line in ward.phone.lines) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert any("watchdog" in line for line in ward.phone.lines)


def test_the_small_display_shows_the_same_pages(start):
    ward = start(display="128x64")
    ward.press("services")
    ward.page_of("A", 3000)
    assert ward.panel.image().size == (128, 64)
    assert len(ward.panel.screen["rows"]) == 3


def test_nonsense_on_the_panel_link_is_answered_in_words(ward):
    import socket

    with socket.create_connection(ward.phone.address) as link:
        lines = link.makefile("rb")
        said = []
        link.sendall(b'{"ask": "screen"}\n')
        for sent in (
            b"nonsense\n",
            b'{"key": "fire"}\n',
            b"[]\n",
            b"x" * 3000 + b"\n",
            b'{"ask": 1}\n',
            b"\xff\xfe\n",
        ):
            link.sendall(sent)
            while True:
                message = json.loads(lines.readline())
                if "error" in message:
                    said.append(message["error"])
                    break
        assert len(said) == 6 and all(sentence.endswith(".") for sentence in said)
    ward.press("services")
    ward.page_of("A", 3000)


def test_a_browser_that_was_lured_to_the_panel_presses_nothing(ward):
    import socket

    with socket.create_connection(ward.phone.address) as link:
        link.sendall(b'POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n\n{"key": "services"}\n')
        link.settimeout(3)
        try:
            while link.recv(4096):
                pass
        except ConnectionResetError:
            pass  # cut off with our request unread
    time.sleep(0.3)
    assert ward.panel.screen["kind"] == "idle"


def test_a_hundred_brackets_do_no_harm(ward):
    import socket

    for _ in range(6):
        with socket.create_connection(ward.phone.address) as link:
            link.sendall(b'{"ask": "screen"}\n' + b"[" * 500 + b"\n" + b'{"ask": "screen"}\n')
            lines = link.makefile("rb")
            while b'"error"' not in lines.readline():
                pass
    ward.press("services")
    ward.page_of("A", 3000)


def test_many_clients_and_silent_ones_do_no_harm(ward):
    import socket

    links = [socket.create_connection(ward.phone.address) for _ in range(8)]
    for _ in range(20):
        ward.press("services", "settings")
    for link in links:
        link.close()
    ward.press("services")
    ward.page_of("A", 3000)


def test_a_client_that_goes_with_a_finger_on_a_key_lets_it_go(ward):
    import socket

    ward.press("services")
    ward.page_of("A", 3000)
    with socket.create_connection(ward.phone.address) as link:
        link.sendall(b'{"key": "down", "down": true}\n')
        ward.panel.wait(lambda s: s["selected"] > 0, 2, "the selection to move")
    time.sleep(0.5)
    ward.panel.settle()
    where = ward.panel.screen["selected"]
    time.sleep(0.5)
    assert ward.panel.screen["selected"] == where


def test_keys_faster_than_the_phone_lose_no_release(ward):
    for _ in range(200):
        ward.panel.tap("down")
    ward.press("services")
    ward.page_of("A", 3000)
    where = ward.panel.screen["selected"]
    time.sleep(0.8)
    assert ward.panel.screen["selected"] == where
