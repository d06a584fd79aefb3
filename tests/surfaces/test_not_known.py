"""What an answer lacks, and which check decides."""

from dataclasses import replace
from datetime import timedelta

from lastgood.model.finding import Check, Finding, Verdict
from lastgood.surfaces.not_known import beside_the_rest, checks, unknowns
from sitreps import broken


def test_data_that_end_early_are_a_limit() -> None:
    """How old the newest data are stands first among what is not known."""
    late = replace(broken(), asked_at=broken().asked_at + timedelta(hours=3))

    assert unknowns(late)[0].startswith("data ends at 2026-11-22T15:16:00Z, 3 h")
    assert "data ends" not in " ".join(unknowns(broken()))


def test_checks_are_those_of_an_open_confirmation() -> None:
    """They and the reason of the headline are left out beside the rest of the card."""
    said = Finding(
        Verdict.UNKNOWN, "an alert fires", limits=("few", Check("load its metric")), question="Is it real?"
    )
    undecided = replace(
        broken(), confirmed=said, unknown=("few", "load its metric", "Is it real? an alert fires")
    )

    assert ("load its metric",) == checks(undecided)
    assert ("few",) == beside_the_rest(undecided)[-1:]
    assert () == checks(broken())
