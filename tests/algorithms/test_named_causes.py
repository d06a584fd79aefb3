"""How many causes a claim names."""

import pytest

from lastgood.algorithms.named_causes import IN_A_CHAIN, CausesNamed, causes_named
from lastgood.model.drill import Truth

TRUTH = Truth(
    incident=True, severities=("SEV2",), change="co-42", cause=("co-42", "v42"), mitigations=(), within=15,
    explanation="checkout v42 opens a connection for each order", failure_class="bad_deploy",
    rivals=(("banner", "banner of the sale"), ("web-9", "v9", "deploy of web", "web deploy")),
)  # fmt: skip
KINDS = ("a certificate", "the disk", "a cron", "dns")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("v42 broke orders", CausesNamed(right=True, others=0)),
        ("a deploy", CausesNamed(right=False, others=0)),
        ("v42 or the web deploy", CausesNamed(right=True, others=1)),
        ("the flag banner", CausesNamed(right=False, others=1)),
        ("v421 or banners", CausesNamed(right=True, others=0)),
        ("v42 uses up the connections. The flag banner is not the cause.", CausesNamed(right=True, others=0)),
        ("It was not v42. The web deploy is unrelated.", CausesNamed(right=True, others=0)),
        ("v42 is innocent", CausesNamed(right=False, others=0)),
    ],
)
def test_causes_are_counted_by_what_is_stated(claim: str, expected: CausesNamed) -> None:
    """Other changes count, also by another name; a sentence that rules one out names none."""
    assert expected == causes_named((claim,), TRUTH)


def test_a_cause_may_act_through_another_kind() -> None:
    """A list of kinds is no chain: each kind beyond it takes its share."""
    chain, beyond = KINDS[:IN_A_CHAIN], KINDS[: IN_A_CHAIN + 2]

    assert 1 == causes_named((f"v42 through {' and '.join(chain)}",), TRUTH).share
    assert 1 / 3 == causes_named(("v42", *beyond), TRUTH).share
    assert 0 == causes_named(beyond, TRUTH).share
