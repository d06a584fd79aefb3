"""The check that decides."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from lastgood.inspections.us_or_them import weights as w
from lastgood.inspections.us_or_them.checks import check_of
from lastgood.inspections.us_or_them.gathered import Gathered
from lastgood.inspections.us_or_them.natures import Failing, Nature
from lastgood.inspections.us_or_them.reasons import Weighing
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.boundary import ProbeSeen
from lastgood.model.change import ChangeKind
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Reason
from lastgood.readings.called import Called
from lastgood.telemetry.reader import Rows

AT = datetime(2026, 11, 20, 10, 18, tzinfo=UTC)
DEPLOY = WeighedChange("d-1", ChangeKind.DEPLOY, "shop", AT, "shop v2", ChangeVerdict.POSSIBLE, 0.5, (), ())
NONE = Provenance("", {}, None, 0, 0.0)
FOUND = Gathered(
    Called((), Rows(pa.table({}), NONE)), {}, "api.pay.example", True, None, None, None, None, ()
)


@pytest.mark.parametrize(
    ("words", "weighing"),
    [
        ("another network", Weighing((Reason(w.ALL_HOSTS, hosts="3"),), None, None)),
        ("undo the deploy shop v2", Weighing((), None, DEPLOY)),
        ("credential of api.pay.example", Weighing((), Failing(Nature.DENIED, 1.0, "401"), None)),
        ("quota at api.pay.example", Weighing((), Failing(Nature.LIMITED, 1.0, "429"), None)),
        ("lastgood probe https://api.pay.example/", Weighing((), None, None)),
    ],
)
def test_what_is_in_doubt_decides(words: str, weighing: Weighing) -> None:
    """A change first, then the way in which calls fail."""
    assert words in check_of(FOUND, weighing)


def test_what_was_probed_is_not_probed_again() -> None:
    """Its status page is left."""
    probed = replace(FOUND, probe=ProbeSeen("https://api.pay.example/", "no fault seen", "200"))

    assert "status page of api.pay.example" in check_of(probed, Weighing((), None, None))
