"""What the documents promise exists: links lead somewhere, commands are there."""

import re

import pytest

from tests.house.tree import ROOT, shown

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "boards/**/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
)


def without_code(text):
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


def anchors(path):
    """Anchors of the headings, as GitHub makes them."""
    found = set()
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for heading in re.findall(r"^#+ +(.+?) *$", text, flags=re.M):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_links_lead_somewhere(path):
    text = without_code(path.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue  # another place: nobody asks the net in a test
        file, _, anchor = target.partition("#")
        to = (path.parent / file).resolve() if file else path
        assert to.exists(), "%s links to %s, which is not there" % (shown(path), target)
        if anchor and to.suffix == ".md":
            assert anchor in anchors(to), "%s links to %s: no such heading" % (shown(path), target)


def make_targets():
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))


def commands_of_everline():
    from host_tools.cli import app

    found = set()
    for command in app.registered_commands:
        found.add(command.name or command.callback.__name__.replace("_", "-"))
    return found | {group.name for group in app.registered_groups}


def code(path):
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", path.read_text(encoding="utf-8"), flags=re.S))


@pytest.mark.parametrize("path", DOCUMENTS, ids=shown)
def test_commands_of_the_documents_exist(path):
    text = code(path)
    for target in re.findall(r"\bmake ([a-z]+)\b", text):
        assert target in make_targets(), "%s: make %s is not in the Makefile" % (shown(path), target)
    named = set(re.findall(r"\beverline ([a-z]+)\b", text))
    if named:
        unknown = named - commands_of_everline()
        assert not unknown, "%s: everline has no command %s" % (shown(path), ", ".join(sorted(unknown)))


def test_every_make_target_is_in_the_help_and_is_phony():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = set(re.findall(r"^([a-z]+):(?!=)", text, flags=re.M))
    assert rules == make_targets()
    assert rules == set(re.search(r"^\.PHONY: (.+)$", text, flags=re.M)[1].split())


def test_the_version_is_the_same_everywhere():
    from phone.wire.http import VERSION

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'version = "%s"' % VERSION in project
