"""What a new thing takes: made in a temporary copy of the package, with no other file of it touched."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lastgood.model.failure import FailureKind

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lastgood"
CLASS_MODULES = 5

QUESTION = '''"""How many parrots are there?

What it asks
    How many log lines name a parrot.
Why on-call asks it
    They repeat what they hear.
Reads
    lg_lines.
How
    It counts.
Stays silent when
    There are no logs.
Known traps
    None.
"""

from collections.abc import Iterator

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import Answer
from lastgood.model.evidence import Table
from lastgood.model.figures import counted
from lastgood.model.finding import Finding, Section, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import Case


@inspection("How many parrots are there?", stage=Stage.SCOPE, needs={Signal.LOGS}, gives=Answer, section=Section.WHO)
def parrots(case: Case) -> Iterator[Finding]:
    """Their number."""
    rows = case.query("SELECT countIf(position(body, 'parrot') > 0) AS parrots FROM lg_lines", window=case.window)
    number = rows.dicts()[0]["parrots"]
    evidence = Table("parrots", ("parrots",), ((number,),), rows.provenance)
    yield Finding(Verdict.YES, f"{counted(number, 'parrot')} seen", 1.0, evidence=(evidence,))
'''
READER = '''"""Parrots' own files: a line each, behind a header."""

from lastgood.decoding.change import change, decoded
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal


def recognise(given: Input) -> Claim | None:
    """The header says so."""
    return Claim("parrot", 1.0, "it says so") if given.head.startswith(b'{"parrot"') else None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each."""
    return decoded(given, (), lambda row: [change("deploy", row["parrot"], title="parrot")])


SOURCE = Source("parrots", frozenset({Signal.CHANGES}), recognise, decode)
'''
FORMAT = """
name = "Parrot"
about = "Time, level and text between feathers"
rank = 1
regex = '''~~(?P<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)~~(?P<level>[A-Z]+)~~(?P<body>.*)~~'''

[[samples]]
line = "~~2026-11-22T14:41:00Z~~WARN~~a parrot~~"
time = "2026-11-22T14:41:00Z"
severity = 13
body = "a parrot"
"""
LINES = "".join(
    f"~~2026-11-22T14:{m:02}:{s:02}Z~~INFO~~parrot {s}~~\n" for m in range(40, 45) for s in range(0, 60, 2)
)


@pytest.mark.slow
def test_a_question_a_source_and_a_format_are_one_file_each(tmp_path: Path) -> None:
    """A file for each, and the question's sentence is on the card, the source reads, the format is recognised."""
    copy = tmp_path / "src" / "lastgood"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "inspections" / "parrots.py").write_text(QUESTION)
    (copy / "intake" / "parrots.py").write_text(READER)
    (copy / "decoding" / "text" / "formats" / "parrot.toml").write_text(FORMAT)
    data = tmp_path / "data"
    data.mkdir()
    (data / "zoo.log").write_text(LINES)
    (data / "zoo.json").write_text('{"parrot": "2026-11-22T14:41:30Z"}\n')
    environment = {**os.environ, "PYTHONPATH": str(copy.parent), "NO_COLOR": "1", "COLUMNS": "160"}
    environment |= {"XDG_DATA_HOME": str(tmp_path / "state"), "LASTGOOD_STORE": f"chdb://{tmp_path}/store"}

    def ran(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "lastgood", *words],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return done.stdout + done.stderr

    reported = ran("load", "--explain", str(data))
    assert "Parrot" in reported
    assert "parrots" in reported
    ran("load", str(data))
    assert "150 parrots seen" in ran("triage", "--now", "2026-11-22T14:45:00Z").replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_a_class_of_failure_is_named_in_few_modules() -> None:
    """Its row, its words, its rule, what is done against it and what it predicts; and no module more."""
    members = re.compile(rf"\b(?:FailureKind|K)\.({'|'.join(kind.name for kind in FailureKind)})\b")
    named: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for kind in members.findall(path.read_text()):
            named.setdefault(kind, set()).add(path.relative_to(SOURCE).as_posix())

    assert {kind.name for kind in FailureKind} >= set(named)
    assert {} == {kind: sorted(modules) for kind, modules in named.items() if len(modules) > CLASS_MODULES}
