"""What the documents say exists: reference pages are as generated, links lead somewhere, commands are real."""

import re
import runpy
import shlex
from itertools import takewhile
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from lastgood.algorithms.predictions.expression import MEASURES, UNITS
from lastgood.algorithms.predictions.language import RULES, WHENS, parse
from lastgood.surfaces.cli.app import command_line

ROOT = Path(__file__).parents[1]
PAGES: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROSE = [path for path in DOCUMENTS if path.parent.name not in {"reference", "decisions"}]


def name(path: Path) -> str:
    """How a document is called in the output of a test."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_is_up_to_date(page: str) -> None:
    """`make docs` would change nothing."""
    assert PAGES[page] == (ROOT / "docs" / "reference" / page).read_text()


def anchors(document: Path) -> set[str]:
    """The headings of a document as links name them."""
    titles = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link inside the repository is to a file that exists, and to a heading of it."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        found = (document.parent / path) if path else document
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(target)

    assert [] == broken


def commands(text: str) -> list[list[str]]:
    """Every `lastgood …` in a code block or between backticks, as words."""
    joined = re.sub(r"\\\n\s*", "", text)
    blocks = re.findall(r"^\$ (lastgood .*)$|`(lastgood [^`]*)`", joined, re.MULTILINE)
    return [shlex.split(first or second, comments=True) for first, second in blocks]


@pytest.mark.parametrize("document", PROSE, ids=name)
def test_commands_exist(document: Path) -> None:
    """Each is a command of the tool, and every option it is shown with is one of its own."""
    for _, *words in commands(document.read_text()):
        known, asked = getattr(typer.main.get_command(command_line()), "commands", {}), list[str]()
        for word in takewhile(lambda word: not word.startswith("-"), words):
            if not known:
                break
            assert set(word.split("|")) <= set(known)
            if "|" in word:
                break
            asked, known = [*asked, word], getattr(known[word], "commands", {})
        asked.append("--help")
        shown = CliRunner().invoke(command_line(), asked).stdout
        assert [] == [word for word in words if word.startswith("-") and word.split("=")[0] not in shown]


@pytest.mark.parametrize("document", PROSE, ids=name)
def test_make_targets_exist(document: Path) -> None:
    """Every `make …` is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|\$ )make ([a-z]+)", document.read_text())) <= targets


def test_every_setting_from_the_environment_is_documented() -> None:
    """Each variable that the code reads has its place in the reference."""
    code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()

    assert [] == sorted(
        v for v in set(re.findall(r"LASTGOOD_[A-Z_]+|XDG_[A-Z_]+", code)) if f"`{v}`" not in page
    )


PREDICTIONS = ROOT / "docs" / "reference" / "predictions.md"


def test_every_prediction_that_is_shown_can_be_read() -> None:
    """In every document: lines of `prediction` blocks, and what is between quotes after --predict."""
    found = [
        line
        for document in DOCUMENTS
        for block in re.findall(r"^```prediction\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    found += [
        told for document in DOCUMENTS for told in re.findall(r"--predict '([^']+)'", document.read_text())
    ]

    assert len(found) > 12
    assert all(str(parse(told)) for told in found)


def test_the_reference_of_predictions_is_complete() -> None:
    """Every measure, unit, rule and window is in it."""
    text = PREDICTIONS.read_text()
    units = {unit for kind in UNITS.values() for unit in kind if unit}
    wanted = {*(f"`{name}(`" for name in MEASURES), *(f"`{word}`" for word in (*units, *RULES, *WHENS))}

    assert set() == {word for word in wanted if word not in text}
