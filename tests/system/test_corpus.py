"""Every document of the corpus on a real phone: shown, or refused in words; the phone lives on."""

from pathlib import Path

import pytest

from host_tools.panel import Panel
from host_tools.phone import SMALL_HEAP, PhoneProcess
from host_tools.world import World

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "open"
DONE = ("camelot_execute", "finnegan_push", "status_")  # pages of commands, and a window over any page
TIMERS = {"connect_ms": 600, "first_byte_ms": 1500, "request_ms": 3000, "patience_ms": 6000, "rest_ms": 500}


@pytest.mark.skipif(
    not CORPUS.is_dir(), reason="There is no corpus of service documents at ../shared/corpus/open."
)
def test_every_document_is_shown_or_refused_in_words():
    documents = sorted(CORPUS.glob("*.xml"))
    with World([CORPUS], first_port=8161) as world:
        configuration = world.configuration(TIMERS)
        url = world["A"].url
        shown = 0
        # A home for each four documents: one behind each key.
        for start in range(0, len(documents), 4):
            four = dict(
                zip(("services", "directory", "messages", "information"), documents[start:], strict=False)
            )
            pointers = {service: url + document.name for service, document in four.items()}
            configuration["homes"] = [{"name": "A", "pointers": pointers}]
            with (
                PhoneProcess(configuration, heap=SMALL_HEAP) as phone,
                Panel.connect(*phone.address) as panel,
            ):
                for service, document in four.items():
                    panel.press(service)
                    screen = panel.settle()
                    said = " ".join(row["text"] for row in screen["rows"]).strip()
                    if document.name.startswith(DONE):  # what is done leaves a word about it, and no page
                        assert screen["prompt"] or said or screen.get("window"), (document.name, screen)
                        continue
                    assert screen["kind"] != "idle" and screen["mark"] == "●", (document.name, panel.text())
                    assert said or screen["prompt"] or screen["title"] or screen.get("picture"), document.name
                    shown += screen["kind"] == "menu"
                assert phone.starts == 1 and not any("Traceback" in line for line in phone.lines)
        assert shown > 10
