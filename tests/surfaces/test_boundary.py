"""Us or them, and the layer, on the card and in the message."""

from dataclasses import replace

import pytest

from lastgood.model.boundary import HostFares, Layer, Layers, Side, UsOrThem
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording
from lastgood.surfaces.boundary import LONGEST, layer_line, third_party, whose_lines
from lastgood.surfaces.card import card_of
from lastgood.surfaces.sitrep_json import sitrep_document
from sitreps import broken, quiet

EVIDENCE = (Absence("calls", Provenance("", {}, None, 0, 0.0)),)
HOST = "api.stripe.com"
REASONS = (
    "requests break at api.stripe.com",
    "cart and payments fail alike at api.stripe.com",
    "x " * LONGEST,
    "short",
)
THEIRS = UsOrThem(
    Side.THEIRS, HOST, REASONS, (), "", (HostFares(HOST, ("cart",), (), 9, 20, 0, 20, None),), 0, sure=True
)


def with_(answer: UsOrThem | Layers, verdict: Verdict = Verdict.YES, of: Sitrep | None = None) -> Sitrep:
    """A sitrep with the answer."""
    name = "us_or_them" if isinstance(answer, UsOrThem) else "layers"
    finding = Finding(verdict, f"said of {name}", None, answer, EVIDENCE, name=name)
    sitrep = of or broken()
    return replace(sitrep, findings=(*sitrep.findings, finding))


def rows(sitrep: Sitrep, label: str) -> list[str]:
    """The last cells of a section."""
    return [row.cells[-1] for one in card_of(sitrep).sections if one.label == label for row in one.rows]


def test_a_side_that_is_named_stands_with_the_suspects() -> None:
    """In two lines; of the reasons as many as a line holds."""
    sitrep = with_(THEIRS)

    assert ["said of us_or_them", f"because {REASONS[0]}; {REASONS[1]}; short"] == list(whose_lines(sitrep))
    assert rows(sitrep, "SUSPECTS")[-2:] == list(whose_lines(sitrep))


@pytest.mark.parametrize("side", [Side.BOTH, Side.INCONCLUSIVE, Side.NO_CALLS])
def test_an_open_side_is_not_on_the_card(side: Side) -> None:
    """What is open stands under NOT KNOWN, and no outside host is nothing to report; JSON has both."""
    sitrep = with_(UsOrThem(side, None), Verdict.NO)

    assert [] == list(whose_lines(sitrep))
    assert side == sitrep_document(sitrep)["us_or_them"]["side"]


def test_nothing_where_nothing_is_wrong() -> None:
    """No side, no layer."""
    assert [] == list(whose_lines(with_(THEIRS, of=quiet())))
    assert "" == layer_line(with_(Layers((), Layer.EDGE, "it answers 403"), of=quiet()))


def test_the_layer_is_on_the_card_where_the_path_cannot_show_it() -> None:
    """The edge and clients; services stand there anyway."""
    sitrep = with_(Layers((), Layer.EDGE, "cdn answers 9 of 20 requests with errors"))

    assert "the edge fails, not its origin: cdn answers 9 of 20 requests with errors" in rows(sitrep, "WHERE")
    assert "" == layer_line(with_(Layers((), Layer.APPLICATION, "")))
    assert "edge" == sitrep_document(sitrep)["layers"]["verdict"]
    assert sitrep_document(broken())["layers"] is None


def test_a_message_names_the_third_party_only_if_it_is_sure() -> None:
    """A public accusation is hard to take back."""
    sure, unsure = with_(THEIRS), with_(replace(THEIRS, sure=False))

    assert f"The cause is at a third party, {HOST}." in (wording.say(sure) or "")
    assert "third party" not in (wording.say(unsure) or "")
    assert "" == third_party(broken())
