"""Ways to break the shop, each by doing the real thing; what a right answer says of it is beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from examples.shop.live.supervisor import Shop

Remedy = tuple[str, str]  # kind of action and target


@dataclass(frozen=True, slots=True)
class Fault:
    """One way: `harm` breaks it, any of the `remedies` ends that; the rest is what a right answer says."""

    about: str
    harm: Callable[[Shop, datetime], None]
    remedies: tuple[Remedy, ...]
    culprits: tuple[str, ...]  # any of these services or parties
    change: str = ""  # the title of the change that did it; empty: none is reported
    classes: tuple[str, ...] = ()  # any of these
    segment: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False  # requests are slow rather than failing


def known() -> dict[str, Fault]:
    """All of them by name."""
    from examples.shop.live.faults import parties, platform, releases, together  # noqa: PLC0415 - they need Fault

    return {**parties.FAULTS, **releases.FAULTS, **platform.FAULTS, **together.FAULTS}
