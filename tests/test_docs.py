"""What documents claim exists, and they are written plainly: pages, links, commands, settings, sentences."""

import os
import re
import runpy
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import typer.main
from examples.shop.demo import generate
from msgspec import inspect
from typer.testing import CliRunner

from commands import command
from lastgood.algorithms.predictions.expression import MEASURES, UNITS
from lastgood.algorithms.predictions.language import RULE_FORMS, WHENS, parse
from lastgood.config import Settings
from lastgood.surfaces.cli.app import command_line

ROOT = Path(__file__).parents[1]
GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))
PAGES: list[str] = list(GENERATED["PAGES"])
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROSE = [path for path in DOCUMENTS if path.parent.name not in {"reference", "decisions"}]
WRITTEN = [
    path for path in [*DOCUMENTS, *ROOT.glob("[!.]*/README.md")] if path.name not in {*PAGES, "benchmarks.md"}
]

WORDS_USUAL, WORDS_MOST = 15, 40
# Words of a document that have a plainer or more exact one in this field.
PLAINER = {
    "hurt": "affected",
    "told": "reported",
    "nobody": "no user, no service, not recorded",
    "somebody": "a person, another user",
    "of one's own": "your",
}
BULLET_MOST = 120


def name(path: Path) -> str:
    """How a document is called in the output of a test."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_is_up_to_date(page: str) -> None:
    """`make docs` would change nothing."""
    assert GENERATED["page"](page) == (ROOT / "docs" / "reference" / page).read_text()


def test_the_schema_of_the_settings_is_up_to_date() -> None:
    """The same for what editors read."""
    made: dict[str, str] = GENERATED["schemas"]()

    assert made == {name: (ROOT / "docs" / "reference" / name).read_text() for name in made}


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


@cache
def known_commands() -> dict[str, Any]:
    """Every command of the tool by its name."""
    return getattr(typer.main.get_command(command_line()), "commands", {})


@cache
def help_of(*asked: str) -> str:
    """What `--help` shows of a command."""
    return CliRunner().invoke(command_line(*asked[:1]), [*asked, "--help"]).stdout


@pytest.mark.parametrize("document", PROSE, ids=name)
def test_commands_exist(document: Path) -> None:
    """Each is a command of the tool, and every option it is shown with is one of its own."""
    for _, *words in commands(document.read_text()):
        known, asked = known_commands(), list[str]()
        for word in takewhile(lambda word: not word.startswith("-"), words):
            if not known:
                break
            assert set(word.split("|")) <= set(known)
            if "|" in word:
                break
            asked, known = [*asked, word], getattr(known[word], "commands", {})
        shown = help_of(*asked)
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


def keys(kind: inspect.Type, section: str = "") -> Iterator[tuple[str, str]]:
    """Every key of the settings file with its section: tables, any number of one kind, or of several kinds."""
    match kind:
        case inspect.StructType(fields=fields):
            for field in fields:
                inner = [] if section else list(keys(field.type, field.name))
                yield from inner or [(section, field.name)]
        case inspect.VarTupleType(item_type=item):
            yield from keys(item, section)
        case inspect.UnionType(types=kinds):
            for one in kinds:
                yield from keys(one, section)
        case _:
            pass


def test_every_key_of_the_settings_file_is_documented() -> None:
    """Each stands under the heading of its section; those of no section stand before the first."""
    found = set(keys(inspect.type_info(Settings)))
    page = (ROOT / "docs" / "reference" / "settings.md").read_text().partition("## lastgood.toml\n")[2]
    head, *rest = re.split(r"^### ", page, flags=re.MULTILINE)
    sections = {"": head} | {text.partition("\n")[0].strip("[]"): text for text in rest}

    assert {("", "store"), ("action", "command"), ("sink", "url"), ("budget", "triage")} <= found
    assert [] == sorted(key for key in found if f"`{key[1]}`" not in sections.get(key[0], ""))


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
        reported
        for document in DOCUMENTS
        for reported in re.findall(r"--predict '([^']+)'", document.read_text())
    ]

    assert len(found) > 12
    assert all(str(parse(reported)) for reported in found)


def test_the_reference_of_predictions_is_complete() -> None:
    """Every measure, unit, rule and window is in it."""
    text = PREDICTIONS.read_text()
    units = {unit for kind in UNITS.values() for unit in kind if unit}
    wanted = {*(f"`{name}(`" for name in MEASURES), *(f"`{word}`" for word in (*units, *RULE_FORMS, *WHENS))}

    assert set() == {word for word in wanted if word not in text}


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs and list items, each in one line, without code blocks, tables, headings, pictures and comments."""
    text = re.sub(r"^ *(```+).*?^ *\1 *$|<!--.*?-->", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ *(?:\||#|!\[).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^ *(?:[-*+]|\d+\.) +", "\n", text, flags=re.MULTILINE)
    return (" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip())


def sentences(text: str) -> list[str]:
    """The sentences of a document; code is one word, and of a link its text counts."""
    plain = (re.sub(r"`[^`]*`", "code", re.sub(r"\]\([^)]*\)", "]", block)) for block in paragraphs(text))
    return [sentence for block in plain for sentence in re.split(r"(?<=[.!?])[”\")*]*\s+", block)]


def words(sentence: str) -> int:
    """How many there are: what has a letter or a digit."""
    return sum(1 for word in sentence.split() if re.search(r"\w", word))


def test_sentences_are_counted_as_people_read_them() -> None:
    """List items stand alone, code is one word, and tables, headings, pictures and code blocks are no sentences."""
    document = """# Title
![a picture](a.svg)
**Bold.** Two
lines, `some code` and [a link](b.md#c).

- first item
- second item
  goes on. It ends?

| a | b |
```console
$ no sentence at all
```
"""

    assert [
        "**Bold.",
        "Two lines, code and [a link].",
        "first item",
        "second item goes on.",
        "It ends?",
    ] == sentences(document)
    assert [1, 6, 2, 4, 2] == [words(sentence) for sentence in sentences(document)]


@pytest.mark.parametrize("document", WRITTEN, ids=name)
def test_sentences_are_short(document: Path) -> None:
    """Half of a document's sentences have at most 15 words, and none has more than 40."""
    found = sentences(document.read_text())

    assert [] == [sentence for sentence in found if words(sentence) > WORDS_MOST]
    assert median(words(sentence) for sentence in found) <= WORDS_USUAL


@pytest.mark.parametrize("document", WRITTEN, ids=name)
def test_documents_use_the_words_of_the_field(document: Path) -> None:
    """The failure names the plainer word; what stands between backticks or in code blocks is quoted, and free."""
    text = " ".join(sentences(document.read_text()))

    assert {} == {word: better for word, better in PLAINER.items() if re.search(rf"(?i)\b{word}\b", text)}


def test_the_changelog_has_one_short_line_for_each_fact() -> None:
    """A bullet is one line of at most 120 characters."""
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()

    assert [] == [
        line for line in lines if line.startswith(" ") or (line.startswith("- ") and len(line) > BULLET_MOST)
    ]


@pytest.mark.slow
def test_the_commands_of_the_readme_can_be_pasted(tmp_path: Path) -> None:
    """One after the other, beside the files of the demo; none is refused or cannot run."""
    generate(tmp_path / "build" / "shop")
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "home"), "NO_COLOR": "1", "TERM": "dumb"}
    environment.pop("LASTGOOD_STORE", None)
    pasted = re.findall(r"^\$ lastgood (.*)$", (ROOT / "README.md").read_text(), re.MULTILINE)

    assert {"triage", "incident", "verify"} <= {line.split()[0] for line in pasted}
    for line in pasted:
        done = command(tuple(shlex.split(line)), environment, tmp_path)
        assert done.returncode in {0, 1, 3}, f"{line}: {done.stderr}"
