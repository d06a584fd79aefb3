"""`lastgood triage` from outside."""

import json

import pytest

from lastgood.surfaces.cli._options import CardOutput
from lastgood.surfaces.cli.triage import Page, rendered
from sitreps import broken


@pytest.mark.parametrize("output", list(CardOutput))
def test_every_format_tells_the_same(output: CardOutput) -> None:
    """The headline's time, the first hop that is bad and the likely change are in each of them."""
    text = rendered(broken(), Page(output))

    for fact in ("14:45:20", "api.stripe.com", "likely"):
        assert fact in text


def test_json_is_json() -> None:
    """It parses, and names its version."""
    assert "lastgood.sitrep/1" == json.loads(rendered(broken(), Page(CardOutput.JSON)))["schema"]
