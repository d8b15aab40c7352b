"""What windows are told: the world and its lines, and the time line of requests over the lives of a phone."""

import json

from host_tools.hub import KEEPALIVES_MAX, REQUESTS_MAX, Hub
from host_tools.world import World


class Standing:
    """What the hub needs to know of a phone."""

    address = None
    ended = ""
    started_at = 1000.0


def asked(n, word="page", **changes):
    return {"asked": {"n": n, "t": 10 * n, "server": "A", "path": "/menu.xml", "why": "key", "reused": False,
                      "ms": 12 if word else 0, "word": word, **changes}}


class Listener:
    """A hub without a link, and one window."""

    def __init__(self):
        self.phone = Standing()
        self.hub = Hub(self.phone, World(names=True))
        self.window = self.hub.join()

    def take(self, *messages):
        for message in messages:
            self.hub._take(message)

    def heard(self, name):
        """All messages of this name that the window got since it was asked last."""
        found = []
        while not self.window.empty():
            message = json.loads(self.window.get_nowait())
            if name in message:
                found.append(message[name])
        return found

    def numbers(self):
        return [(request["n"], request["word"]) for request in self.hub.requests()]


def hello():
    return {"hello": "everline", "width": 4, "height": 1, "keys": []}


def test_a_window_is_told_the_world():
    listener = Listener()
    first = [json.loads(listener.window.get_nowait()) for _ in range(3)]
    world = first[1]
    assert [server["name"] for server in world["world"]] == ["A", "B"]
    assert {"delay_ms": 0, "loss": 0, "host": "a.everline.test"}.items() <= world["world"][0].items()
    assert (world["names"]["state"], world["names"]["words"]) == ("well", "answers")
    assert first[2] == {"requests": []}
    assert Hub(Standing(), World()).world.names_state() is None


def test_a_request_is_told_twice_and_kept_once():
    listener = Listener()
    listener.take(asked(1, ""), asked(2, "", why="hedge", server="B"), asked(2, why="hedge", server="B"))
    assert listener.numbers() == [(1, ""), (2, "page")]
    listener.take(asked(1, "lost"))
    assert listener.numbers() == [(1, "lost"), (2, "page")]
    told = listener.heard("asked")
    assert [(it["n"], it["word"]) for it in told] == [(1, ""), (2, ""), (2, "page"), (1, "lost")]
    assert told[0]["at"] == told[3]["at"], "when it began is not changed by its end"
    listener.take(asked(1, "lost"), asked(2))  # a link to the phone that is new
    assert listener.heard("asked") == []


def test_the_latest_hundred_are_kept_in_order():
    listener = Listener()
    listener.take(*(asked(n) for n in range(REQUESTS_MAX + 21, 20, -1)))
    assert [n for n, _ in listener.numbers()] == list(range(22, REQUESTS_MAX + 22))
    late = listener.hub.join()
    requests = next(message["requests"] for message in map(json.loads, iter(late.get_nowait, None))
                    if "requests" in message)
    assert len(requests) == REQUESTS_MAX


def test_a_new_life_of_the_phone_forgets_what_was_running():
    listener = Listener()
    listener.take(hello(), asked(1), asked(2, ""))
    listener.take(hello())  # only the link was new
    assert listener.numbers() == [(1, "page"), (2, "")]
    listener.phone.started_at = 2000.0
    listener.heard("asked")
    listener.take(hello(), asked(1, ""))
    assert listener.numbers() == [(1, "page"), (1, "")]
    lives = [request["life"] for request in listener.hub.requests()]
    assert lives == [1000.0, 2000.0]


def test_windows_hear_that_running_ones_are_void():
    listener = Listener()
    listener.take(hello(), asked(1), asked(2, ""))
    listener.phone.started_at = 2000.0
    listener.heard("requests")
    listener.take(hello())
    assert [[request["n"] for request in all_] for all_ in listener.heard("requests")] == [[1]]


def test_what_is_no_request_is_left_out():
    listener = Listener()
    listener.take({"asked": None}, {"asked": {}}, asked(True), asked("1"), asked(1, ms="12"),
                  asked(1, reused=0), asked(1, path=None))
    assert listener.numbers() == []
    listener.take(asked(1, later="version"))
    assert listener.numbers() == [(1, "page")]
    assert "later" not in listener.hub.requests()[0]


def test_what_call_managers_are_asked_stands_apart():
    listener = Listener()
    listener.take(hello(), asked(1), asked(-1, "", why="register", path="REGISTER"),
                  asked(-1, "200", why="register", path="REGISTER"),
                  asked(-2, "", why="keep-alive", path="OPTIONS"))
    assert listener.numbers() == [(1, "page")]
    assert [(it["n"], it["word"]) for it in listener.hub.keepalives()] == [(-1, "200"), (-2, "")]
    late = listener.hub.join()
    kept = next(message["keepalives"] for message in map(json.loads, iter(late.get_nowait, None))
                if "keepalives" in message)
    assert [it["n"] for it in kept] == [-1, -2]
    assert [(it["n"], it["word"]) for it in listener.heard("kept")] == [(-1, ""), (-1, "200"), (-2, "")]
    listener.phone.started_at = 2000.0
    listener.take(hello())
    assert [[it["n"] for it in all_] for all_ in listener.heard("keepalives")] == [[-1]]
    listener.take(*(asked(-n, "200", why="poll", t=n) for n in range(10, 10 + 2 * KEEPALIVES_MAX)))
    assert len(listener.hub.keepalives()) == KEEPALIVES_MAX and listener.numbers() == [(1, "page")]
    newest = -(9 + 2 * KEEPALIVES_MAX)
    assert [it["n"] for it in listener.hub.keepalives()][-1] == newest
