"""The shape of the project, held by test: layout, sizes, manuals, and what may not be written anywhere."""

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from lastgood.errors import LastgoodError
from lastgood.inspections._registry import inspections
from lastgood.intake._registry import sources
from lastgood.model.judgement import rows
from trees import nodes, tree

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lastgood"
KIT = ROOT / "kit" / "src" / "lastgood_kit"
TESTS = ROOT / "tests"
CODE = sorted(SOURCE.rglob("*.py"))
KIT_CODE = sorted(KIT.rglob("*.py"))
# Where the tests of each module are: the kit is a distribution of its own, with a folder of tests of its own.
MIRROR = {path: path.relative_to(SOURCE) for path in CODE} | {
    path: Path("kit") / path.relative_to(KIT) for path in KIT_CODE
}

# What the file listing of tests/ holds besides the mirror of src/.
NOT_MIRRORED = {"scenario_language", "scenarios", "contracts", "browser", "fixtures"}
PROJECT_TESTS = {
    "test_additions",
    "test_architecture",
    "test_docs",
    "test_laws",
    "test_locks",
    "test_scenarios",
    "test_scenario_language",
    "test_demo",
    "test_kit_frameworks",
    "test_dialects",
    "test_live_shop",
    "test_shop_battery",
    "test_typescript",
    "test_shop_faults",
    "test_story",
    "test_printed_commands",
}

LINES_MOST = 600
LINES_WANTED = 400
# Files above LINES_WANTED. This list may only become shorter.
LONG_FILES: set[str] = set()

VERB_LINES = 200

FUNCTION_LINES = 50
# How many functions may be longer than FUNCTION_LINES. This number may only become smaller.
LONG_FUNCTIONS = 3

MANUAL = ("What it asks", "Why on-call asks it", "Reads", "How", "Stays silent when", "Known traps")


def in_repository() -> list[Path]:
    """Every file that is, or is about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file in the repository."""
    for path in in_repository():
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            yield str(path.relative_to(ROOT)), content.decode("utf-8", "replace")


def does_something(path: Path) -> bool:
    """Whether a module holds any function; one of declarations only has nothing to test."""
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in nodes(path))


def test_every_module_has_its_test() -> None:
    """src/lastgood/a/b.py is tested by tests/a/test_b.py; a question or source that is a folder as if it were a file.

    The kit's b.py is tested by tests/kit/test_b.py.
    """
    wanted = {
        path: TESTS / place.parent / f"test_{path.stem}.py"
        for path, place in MIRROR.items()
        if path.name != "__init__.py" and does_something(path)
    }

    assert [] == [path.relative_to(ROOT).as_posix() for path, test in wanted.items() if not test.exists()]


def test_every_test_has_its_module() -> None:
    """A test file that mirrors nothing is of a module that is gone."""
    modules = {(place.parent, place.stem) for place in MIRROR.values()}
    modules |= {(place.parent, place.name) for place, stem in modules if stem == "__init__"}
    stray = [
        str(test.relative_to(ROOT))
        for test in sorted(TESTS.rglob("test_*.py"))
        if test.stem not in PROJECT_TESTS
        and test.relative_to(TESTS).parts[0] not in NOT_MIRRORED
        and (test.parent.relative_to(TESTS), test.stem.removeprefix("test_")) not in modules
    ]

    assert [] == stray


# Words of a sentence that have a plainer or more exact one in this field: affected, user-visible, reported, no user …
DIALECT = re.compile(
    r"\b(hurt|felt|told|nobody|somebody|of one's own)\b|(?<!\bthere )\bis no\b(?! longer\b)",
    re.IGNORECASE,
)
# Of comments and docstrings, where `is no` and `begin` are still frequent.
DIALECT_WORDS = re.compile(r"\b(hurts?|felt|told|nobody|somebody|anybody|of one's own)\b(?!-)", re.IGNORECASE)
# Whose sentences a person on call reads: beside these, those of every row that has one.
READ_AT_NIGHT = [
    *sorted((SOURCE / "surfaces").rglob("*.py")),
    *sorted((SOURCE / "algorithms" / "messages").rglob("*.py")),
    SOURCE / "algorithms" / "failure_classes.py",
    SOURCE / "inspections" / "mitigation" / "__init__.py",
    SOURCE / "inspections" / "severity" / "levels.py",
    SOURCE / "errors.py",
]


def sentences() -> Iterator[tuple[str, str]]:
    """Where a sentence is, and its words: reasons in tables of judgements, and texts of more than one word."""
    for path in sorted(SOURCE.rglob("weights.py")):
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for name, row in rows(vars(import_module(module))):
            yield f"{module}.{name}", row.sentence
    for path in READ_AT_NIGHT:
        yield from ((path.name, text) for text in strings(path) if " " in text.strip())


def test_sentences_are_in_words_of_the_field() -> None:
    """What is read on the card, in options, reasons and errors has no word that a reader has to translate."""
    found = dict(sentences())

    assert "lastgood.inspections.what_changed.weights.OTHERS_ALIKE" in found
    assert [] == [(where, text) for where, text in sentences() if DIALECT.search(text)]


def written_beside_code(path: Path) -> Iterator[str]:
    """The comments and docstrings of a module, without what stands between backticks as a quotation."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    yield from (ast.get_docstring(n) or "" for n in nodes(path) if isinstance(n, documented))
    with tokenize.open(path) as file:
        yield from (t.string for t in tokenize.generate_tokens(file.readline) if t.type == tokenize.COMMENT)


def test_comments_and_docstrings_are_in_words_of_the_field() -> None:
    """In the product, the kit, tests and benchmarks alike; words of others are quoted between backticks."""
    folders = (TESTS, ROOT / "bench", ROOT / "examples")
    paths = [*CODE, *KIT_CODE, *(path for folder in folders for path in sorted(folder.rglob("*.py")))]
    quoted = re.compile(r"`[^`\n]*`")
    found = [
        (path.relative_to(ROOT).as_posix(), word.group())
        for path in paths
        if DIALECT_WORDS.search(path.read_text())
        for text in written_beside_code(path)
        if (word := DIALECT_WORDS.search(quoted.sub("", text)))
    ]

    assert [] == found


@pytest.mark.parametrize("inspection", inspections(), ids=lambda i: i.name)
def test_an_inspection_carries_its_manual(inspection: object) -> None:
    """The docstring of every question has the fixed headings, in their order, each with words under it."""
    manual = getattr(inspection, "manual", "")
    headings = [line for line in manual.splitlines() if line in MANUAL]

    assert list(MANUAL) == headings
    assert all(re.search(rf"^{heading}\n    \S", manual, re.MULTILINE) for heading in MANUAL)


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(n.body[0].value)
        for n in nodes(path)
        if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)
    }
    return (
        n.value
        for n in nodes(path)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    )


def test_questions_read_relations_only() -> None:
    """The SQL of a question names `lg_` relations and its own CTEs, never a table of the store."""
    read = re.compile(r"\botel_\w+|\{database\}|(?<!\.)\bsystem\.\w+")
    paths = [path for path in CODE if path.relative_to(SOURCE).parts[0] in {"inspections", "readings"}]

    assert len(paths) > 100
    assert [] == [(path.name, found) for path in paths if (found := read.findall("\n".join(strings(path))))]


def test_a_use_case_is_short_and_computes_nothing() -> None:
    """A verb has no SQL: what it shows of the store is a reading, and what it concludes an inspection."""
    paths = sorted((SOURCE / "workbench").rglob("*.py"))
    query = re.compile(r"\bSELECT\b.*\bFROM\b", re.DOTALL)
    computing = re.compile(r"^\s*(?:import|from) (?:numpy|scipy)\b", re.MULTILINE)

    assert len(paths) > 100
    assert [] == [(path.name, text) for path in paths for text in strings(path) if query.search(text)]
    assert [] == [path.name for path in paths if computing.search(path.read_text())]
    assert [] == [path.name for path in paths if len(path.read_text().splitlines()) > VERB_LINES]


def test_figures_are_written_in_one_place() -> None:
    """No other module rounds a number, parts thousands or makes a share a percentage in a sentence."""
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in CODE
        if path != SOURCE / "model" / "figures.py"
        for node in nodes(path)
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr)
        for part in node.format_spec.values
        if isinstance(part, ast.Constant)
        and re.search(r"[,%]$|^,|\.\d[efg%]$", str(part.value))
        and not re.search(r"%[YHMSmdz]", str(part.value))
    ]

    assert [] == found


def test_files_stay_short() -> None:
    """Nothing above the hard stop; those above the wish are listed, and the list only shrinks."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in chain(
            CODE,
            KIT_CODE,
            TESTS.rglob("*.py"),
            (ROOT / "bench").rglob("*.py"),
            (ROOT / "examples").rglob("*.py"),
        )
    }

    assert {} == {name: count for name, count in lengths.items() if count > LINES_MOST}
    assert LONG_FILES >= {name for name, count in lengths.items() if count > LINES_WANTED}


def test_functions_stay_short() -> None:
    """Few functions are longer than a screen, and no more than there were."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in (*CODE, *KIT_CODE)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]

    assert len(long) <= LONG_FUNCTIONS, long


# Where the name of a constant is one thing's: the floors of judging, and those beside and below them.
NAMING = [
    path
    for path in CODE
    if path.relative_to(SOURCE).parts[0]
    in {"inspections", "readings", "algorithms", "workbench", "hypotheses"}
]
# Names that stand for several things still. This list may only become shorter.
NAMES_TWICE: frozenset[str] = frozenset()


def constants(path: Path) -> Iterator[str]:
    """The public constants of a module; queries are texts, named by what they read, and their module's own."""
    for line in tree(path).body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and not _text(line.value):
            for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                yield from (
                    n.id for n in names if isinstance(n, ast.Name) and n.id.isupper() and n.id[0] != "_"
                )


def _text(value: ast.expr | None) -> bool:
    first = value.left if isinstance(value, ast.BinOp) else value
    return isinstance(first, ast.JoinedStr) or (
        isinstance(first, ast.Constant) and isinstance(first.value, str)
    )


def test_a_constants_name_stands_for_one_thing() -> None:
    """No public constant is defined in two modules; one letter is an alias of a type."""
    places: dict[str, set[str]] = {}
    for path in NAMING:
        for name in (one for one in constants(path) if len(one) > 1):
            places.setdefault(name, set()).add(path.relative_to(SOURCE).as_posix())

    twice = {name for name, where in places.items() if len(where) > 1}
    assert NAMES_TWICE >= twice


def test_every_judgement_says_where_it_comes_from() -> None:
    """Its unit or its sentence, and a paper, a measurement, another row, or a judgement with its argument; tables of folders stand in one module."""
    for path in NAMING:
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        module = import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        own = set(constants(path))
        found = {name: row for name, row in rows(vars(module)) if name in own}

        assert {} == {
            n: r.source
            for n, r in found.items()
            if not re.match(r"(judgement|measured|paper)\b.*: |as |paper: ", r.source)
        }
        assert [] == [name for name, row in found.items() if not (row.unit or row.sentence)]
        assert not found or path.stem == "weights" or not (path.parent / "weights.py").exists()


def test_the_kit_needs_no_store() -> None:
    """It imports the standard library and itself; OpenFeature and structlog where they are used, OpenTelemetry only where it is loaded."""
    imported = {
        (path.name, name.partition(".")[0])
        for path in KIT_CODE
        for node in nodes(path)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names] if isinstance(node, ast.Import) else []
        )
    }  # fmt: skip
    outside = {pair for pair in imported if pair[1] not in {*sys.stdlib_module_names, "lastgood_kit"}}

    assert {("flags.py", "openfeature"), ("structured.py", "structlog")} == outside


def errors(kind: type[LastgoodError] = LastgoodError) -> Iterator[type[LastgoodError]]:
    """The whole tree of errors."""
    yield kind
    for child in kind.__subclasses__():
        yield from errors(child)


def test_every_error_can_be_looked_up() -> None:
    """Its own code, an exit status of the documented ones, a message, and an anchor in the reference."""
    tree = list(errors())
    reference = (ROOT / "docs" / "reference" / "errors.md").read_text()

    assert len(tree) == len({error.code for error in tree})
    assert {True} == {error.exit_status in {1, 2, 3, 4, 130} for error in tree}
    assert [] == [error.__name__ for error in tree if not (error.__doc__ or "").strip()]
    assert [] == [error.code for error in tree if f"\n## {error.code}\n" not in reference]


def test_every_source_says_what_it_gives() -> None:
    """Names are unique, and every source gives at least one signal."""
    names = [source.name for source in sources()]

    assert len(names) == len(set(names))
    assert [] == [source.name for source in sources() if not source.gives]


# Written in pieces, so that this file does not contain what it looks for.
REGISTRY = re.compile(
    "|".join(
        [
            "py" + r"pi\.",
            "pythonhos" + "ted",
            "npm" + r"js\.",
            r"https?://\S+/sim" + "ple",
            r"--(extra-)?index" + "-url",
        ]
    )
)
MACHINE = re.compile("/" + r"(root|work/(main|wt|shared|brief))\b")


def test_no_registry_is_named() -> None:
    """Where packages come from is the business of the machine that installs them."""
    assert [] == [name for name, content in texts() if REGISTRY.search(content)]


def test_no_path_of_one_machine_is_named() -> None:
    """What is in the repository holds on every machine."""
    assert [] == [name for name, content in texts() if MACHINE.search(content)]
