"""What was seen at a layer, by one count."""

from lastgood.inspections.layers.places import Tally
from lastgood.inspections.layers.weights import LAYER_REQUESTS
from lastgood.model.boundary import Layer, LayerSeen, LayerState
from lastgood.model.figures import count, shortened

UNNAMED = "what lines do not name"
REASON_SHOWN = 120  # characters
STORE_KINDS = frozenset({"database", "cache", "queue"})


def counted_at(layer: Layer, name: str, tally: Tally, noun: str, verb: str = "fail") -> LayerSeen:
    """A layer by one count; not seen where it has none now, or too few to say that it is fine."""
    if not tally.of:
        return LayerSeen(layer, LayerState.NOT_SEEN, f"nothing logs {noun} there")
    state = LayerState.FAILS if tally.fails else LayerState.FINE
    if state is LayerState.FINE and tally.of < LAYER_REQUESTS:
        state = LayerState.NOT_SEEN
    because = (
        f"{name or UNNAMED}: {count(tally.failed)} of {count(tally.of)} {noun} {verb} "
        f"({count(tally.failed_before)} of {count(tally.of_before)} before)"
    )
    return LayerSeen(layer, state, because, tally.failed, tally.of, tally.failed_before, tally.of_before)


def rated(tally: Tally) -> Tally:
    """Error reports alone have no requests: those of the bad window against as many as the baseline leads to expect."""
    if tally.failed < tally.of or tally.failed_before < tally.of_before:
        return tally
    both = tally.failed + tally.failed_before
    return Tally(tally.failed, both, tally.failed_before, both)


def with_suspect(seen: tuple[LayerSeen, ...], suspected: Layer | None, because: str) -> tuple[LayerSeen, ...]:
    """What points at the suspect is what was seen at its layer, unless counts there are as before while others fail."""
    others = any(
        one.state is LayerState.FAILS and one.layer not in {suspected, Layer.CLIENT, Layer.BALANCER}
        for one in seen
    )
    reason = f"by what points at it: {shortened(because.split('; ', maxsplit=1)[0], REASON_SHOWN)}"
    return tuple(
        LayerSeen(one.layer, LayerState.FAILS, reason)
        if one.layer is suspected
        and because
        and (one.state is LayerState.NOT_SEEN or (one.state is LayerState.FINE and not others))
        else one
        for one in seen
    )
