"""Whether to roll back, where the requests name a version and no deploy of it is known."""

from pathlib import Path

import pytest

from inspections.test_mitigation import asked, options, weighed
from lastgood.inspections.mitigation.versions import of_a_version
from lastgood.model.answers import BlastRadius, ChangesWeighed, ChangeVerdict, Segment
from lastgood.model.figures import percent
from lastgood.workbench.store import Store

DUBLIN = {"address.city": "Dublin"}


def radius(where: dict[str, str]) -> BlastRadius:
    """One segment with all failures."""
    return BlastRadius(("orders",), (Segment(where, 1.0, 0.04, 90, 90, 1.0),), (), everyone=False)


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(None, "no deploy is recorded"), (ChangeVerdict.RULED_OUT, "no deploy matches the onset")],
)
def test_a_version_with_all_failures_may_have_to_be_rolled_back(
    store: Store, tmp_path: Path, verdict: ChangeVerdict | None, reason: str
) -> None:
    """The requests name it, the change feed does not: whether to roll back is not known."""
    of_version = radius({**DUBLIN, "service.version": "v2"})
    changes = weighed("deploy", verdict) if verdict else ChangesWeighed(())

    found = options(asked(store, tmp_path, "", "errors=0.2%", of_version, changes))

    assert (
        f"unknown whether to roll back: {reason}, but {percent(1.0)} of failures have service.version=v2"
        == found.not_roll_back
    )


def test_other_segments_are_of_no_version() -> None:
    """Nor is a question without a segment."""
    assert "" == of_a_version(radius(DUBLIN)) == of_a_version(None)
