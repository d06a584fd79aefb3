"""A sitrep in every format."""

import json
from collections.abc import Callable

import pytest

from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.formats import CardOutput
from lastgood.surfaces.page import Page, rendered
from sitreps import broken, quiet, ringing


@pytest.mark.parametrize("output", list(CardOutput))
def test_every_format_tells_the_same(output: CardOutput) -> None:
    """The headline's time, the first hop that is bad and the likely change are in each of them."""
    text = rendered(broken(), Page(output))

    for fact in ("14:45:20", "api.stripe.com", "likely"):
        assert fact in text


def test_json_is_json() -> None:
    """It parses, and names its version."""
    assert "lastgood.sitrep/1" == json.loads(rendered(broken(), Page(CardOutput.JSON)))["schema"]


@pytest.mark.parametrize("output", list(CardOutput))
@pytest.mark.parametrize("sitrep", [broken, quiet])
def test_an_alert_that_fires_is_in_every_format(output: CardOutput, sitrep: Callable[[], Sitrep]) -> None:
    """Its name, its severity and its start, confirmed or not."""
    text = rendered(ringing(sitrep()), Page(output))

    for fact in ("ErrorRate", "page", "14:47:00", "errors above 5"):
        assert fact in text
