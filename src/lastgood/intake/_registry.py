"""What a source of data is: it says whether a file is its own, and decodes it into batches."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from lastgood.decoding.input import Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.model.signal import Signal


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of input."""

    name: str
    gives: frozenset[Signal]
    recognise: Callable[[Input], Claim | None]
    decode: Callable[[Input, Claim, Settings], Decoded]
    folders: bool = False  # reads a whole folder rather than a file
    covers: Callable[[Path], frozenset[Path]] | None = None  # files of a folder that are read with it
    surest: float = 1.0  # the confidence that none of its claims exceeds
    late: bool = False  # after all others, when the time and the services that telemetry covers are known
    # Many small inputs at once: what they must have in common, and what comes of each, None for one to decode alone.
    alike: Callable[[Input, Settings], Hashable | None] | None = None
    together: Callable[[Sequence[Input], Settings], Iterator[list[Batch | Reject | Tally] | None]] | None = (
        None
    )


@cache
def sources() -> tuple[Source, ...]:
    """Every source, by name."""
    package = "lastgood.intake"
    names = (m.name for m in iter_modules(import_module(package).__path__) if not m.name.startswith("_"))
    modules = (import_module(f"{package}.{name}") for name in names)
    found = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return tuple(sorted(found, key=lambda source: source.name))


def best_claim(given: Input) -> tuple[Source, Claim] | None:
    """The source that claims an input most confidently, None when no one does."""
    folder = given.path is not None and given.path.is_dir()
    best: tuple[Source, Claim] | None = None
    for source in sorted(sources(), key=lambda one: -one.surest):
        if source.folders != folder or (best and source.surest < best[1].confidence):
            continue  # it could not be the one: what a text is costs most to find out
        claim = source.recognise(given)
        if claim and (best is None or _order(source, claim) > _order(*best)):
            best = source, claim
    return best


def _order(source: Source, claim: Claim) -> tuple[float, str]:
    return claim.confidence, source.name
