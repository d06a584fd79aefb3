"""Us or them, and the layer, in sentences of the card: only where a side or a layer is named."""

from collections.abc import Iterator

from lastgood.model.boundary import Layer, Layers, Side, UsOrThem
from lastgood.model.finding import Verdict
from lastgood.model.sitrep import Sitrep

LONGEST = 20  # words of a line
BY_ITSELF = {Layer.EDGE: "the edge fails, not its origin", Layer.CLIENT: "clients fail, not the services"}


def whose_lines(sitrep: Sitrep) -> Iterator[str]:
    """Whose trouble it is, and what shows it; nothing where neither side is named."""
    found = sitrep.us_or_them
    answer = found.answer if found else None
    if sitrep.is_real is Verdict.NO or found is None or not isinstance(answer, UsOrThem):
        return
    if answer.side in {Side.THEIRS, Side.OURS}:
        yield found.because
        reasons = answer.theirs if answer.side is Side.THEIRS else answer.ours[1:]
        if because := _fitting(reasons):
            yield f"because {because}"


def _fitting(reasons: tuple[str, ...]) -> str:
    """The first reasons, as many as a line holds."""
    chosen: list[str] = []
    for reason in reasons:
        if sum(len(one.split()) for one in (*chosen, reason)) < LONGEST:
            chosen.append(reason)
    return "; ".join(chosen)


def layer_line(sitrep: Sitrep) -> str:
    """The layer that fails by itself, where the path of calls cannot show it; else nothing."""
    answer = sitrep.layers.answer if sitrep.layers else None
    named = isinstance(answer, Layers) and answer.verdict in BY_ITSELF and answer.why
    if sitrep.is_real is Verdict.NO or not named or not isinstance(answer, Layers) or answer.verdict is None:
        return ""
    return f"{BY_ITSELF[answer.verdict]}: {answer.why}"


def third_party(sitrep: Sitrep) -> str:
    """The sentence for a message to others, where it is sure that a third party is at fault."""
    answer = sitrep.us_or_them.answer if sitrep.us_or_them else None
    sure = isinstance(answer, UsOrThem) and answer.side is Side.THEIRS and answer.sure
    return f"The cause is at a third party, {answer.host}." if sure and isinstance(answer, UsOrThem) else ""
