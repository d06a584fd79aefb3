"""The sitrep document holds its schema, whatever is known."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from lastgood.model.change import ChangeKind
from lastgood.model.failure import Cause, FailureKind
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage
from sitreps import OTHERS, broken, moved, nothing, quiet, ringing, with_others, without_a_past
from worlds import START, World

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "reference" / "sitrep.schema.json").read_text("utf-8")
)


@pytest.mark.parametrize(
    "sitrep",
    [
        broken,
        quiet,
        moved,
        nothing,
        without_a_past,
        pytest.param(lambda: ringing(broken()), id="ringing"),
        pytest.param(lambda: with_others(*OTHERS, ended="15:02"), id="several"),
    ],
)
def test_the_document_is_valid(sitrep: Callable[[], Sitrep]) -> None:
    """Systems that are broken, quiet, moved without harm, not to be judged, and in several troubles, are within the schema."""
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(sitrep_document(sitrep()))))


def test_what_had_been_growing_is_told_beside_the_onset() -> None:
    """With its start; null where nothing had."""
    known = broken()
    assert known.changes is not None
    grown = replace(
        known, changes=replace(known.changes, growth="memory of cart had been rising since 13:05 UTC")
    )

    assert [None, "memory of cart had been rising since 13:05 UTC"] == [
        sitrep_document(one)["onset"]["growth"] for one in (known, grown)
    ]


def test_the_schema_has_the_closed_lists_of_the_model() -> None:
    """Classes of failure, causes, and kinds of change: neither more nor fewer."""
    parts = SCHEMA["properties"]

    assert set(FailureKind) == set(parts["failure_class"]["properties"]["name"]["enum"])
    assert {*Cause, None} == set(parts["no_change_explains_it"]["properties"]["cause"]["enum"])
    assert set(ChangeKind) == set(parts["changes"]["items"]["properties"]["kind"]["enum"])


def test_what_is_not_known_is_null() -> None:
    """Without an answer there is no severity, class or option, and nothing is made up."""
    document = sitrep_document(nothing())

    names = ("severity", "failure_class", "no_change_explains_it", "mitigations")
    assert [None] * 4 == [document[name] for name in names]
    assert any(document["unknown"])


def test_the_decision_is_in_the_document() -> None:
    """Severity, class, cause and options, and with the first why nothing is rolled back."""
    document = sitrep_document(broken())

    assert "SEV2" == document["severity"]["proposed"]
    assert "dependency_contract_change" == document["failure_class"]["name"]
    assert ("yes", "third_party") == (
        document["no_change_explains_it"]["verdict"],
        document["no_change_explains_it"]["cause"],
    )
    assert ["failover", "restart"] == [option["kind"] for option in document["mitigations"]]
    assert document["mitigations"][0]["because"].endswith(
        "; " + "do not roll back: no deploy matches the onset; the third-party change does"
    )


def test_other_episodes_are_listed() -> None:
    """Each with its interval, its end, where it shows, what departs, and the window that shows it alone."""
    first, second = sitrep_document(with_others(*OTHERS))["other_episodes"]

    assert ("2026-11-22T13:05:00Z", "2026-11-22T13:20:00Z", False) == (
        first["at"], first["ended"], first["ongoing"],
    )  # fmt: skip
    assert ["search", "index"] == first["services"]
    assert "8 % of search fail" == first["symptom"]
    assert {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:20:00.500000Z"} == first["ask"]
    assert (None, True) == (second["ended"], second["ongoing"])
    assert [] == sitrep_document(quiet())["other_episodes"]


def test_what_moved_without_harm_is_not_believed() -> None:
    """It keeps its time, and says that it is no onset."""
    assert sitrep_document(broken())["onset"]["believed"]
    assert not sitrep_document(moved())["onset"]["believed"]


def test_numbers_stay_numbers() -> None:
    """Shares and counts are not words, and text has no typographic spaces."""
    document = sitrep_document(broken())

    assert 0.049 == document["impact"]["failure_share"]
    assert 847 == document["patterns"]["new"][0]["count"]
    assert "\u00a0" not in json.dumps(document, ensure_ascii=False)


def test_the_verdict_is_said_even_without_a_finding() -> None:
    """When no one asked, the verdict is unknown and says so."""
    document = sitrep_document(replace(nothing(), confirmed=None))

    assert {"verdict": "unknown", "confidence": None, "because": "the question was not asked"} == document[
        "confirmed"
    ]


def test_real_answers_are_valid(store: Store) -> None:
    """A shop whose errors step up after half an hour: found, and within the schema."""
    World(seconds=3600, rate=4, errors=lambda t: np.where(t > 1800, 0.2, 0.005)).store_spans(store)

    document = sitrep_document(triage(store, now=START + timedelta(hours=1)))

    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(document)))
    assert "yes" == document["confirmed"]["verdict"]
    assert "errors" == document["impact"]["kind"]
    assert document["say"].startswith("Investigating: since 14:")


def test_a_quiet_hour_reads_as_quiet(store: Store) -> None:
    """Nothing began: that is the answer, and questions about it are moot rather than unknown."""
    World(seconds=3600, rate=4).store_spans(store)

    sitrep = triage(store, now=START + timedelta(hours=1))
    document = sitrep_document(sitrep)

    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(document)))
    assert "no" == document["confirmed"]["verdict"]
    assert "All signals are within their baseline" == wording.headline(sitrep)
    assert not any(reason.startswith("Is it real?") for reason in document["unknown"])


def test_where_nobody_knows_how_long_before_there_is_no_lower_end() -> None:
    """Null, of an outage from the first data on; the start of the data is the upper end."""
    onset = sitrep_document(without_a_past())["onset"]

    assert (None, "2026-11-22T13:00:00Z") == (onset["low"], onset["high"])


def test_sentences_have_ordinary_spaces() -> None:
    """Whoever searches the document types no other ones."""
    assert "\u00a0" not in json.dumps(sitrep_document(broken()), ensure_ascii=False)
