"""Load alike: small inputs of one kind wait for each other, and are decoded together."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from lastgood.decoding.input import Claim, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.loading import Loaded
from lastgood.workbench.load_input import Into, load_one

MOST_TOGETHER = 1_000  # small inputs that are decoded at once

Waiting = tuple[int, Input, tuple[Source, Claim]]  # its place among the inputs, and who reads it


@dataclass
class Alike:
    """Inputs that are decoded with others, while they wait for those."""

    into: Into
    settings: Settings
    groups: dict[Hashable, list[Waiting]] = field(default_factory=dict)

    def loaded(self, place: int, given: Input, chosen: tuple[Source, Claim]) -> dict[int, Loaded]:
        """What came of this input, or of all that it waited with; nothing yet if it waits."""
        source = chosen[0]
        key = source.alike(given, self.settings) if source.alike else None
        if key is None:
            return {place: load_one(self.into, given, self.settings, chosen)}
        group = self.groups.setdefault((source.name, key), [])
        group.append((place, given, chosen))
        return self._loaded(self.groups.pop((source.name, key))) if len(group) >= MOST_TOGETHER else {}

    def rest(self) -> dict[int, Loaded]:
        """What came of all that still wait."""
        return {place: one for group in self.groups.values() for place, one in self._loaded(group).items()}

    def _loaded(self, group: list[Waiting]) -> dict[int, Loaded]:
        source = group[0][2][0]
        try:
            inputs = [given for _, given, _ in group]
            items = list(source.together(inputs, self.settings)) if source.together else []
        except Exception:  # noqa: BLE001 - each is decoded alone then, which finds the one at fault
            items = []
        items += [None] * (len(group) - len(items))
        return {
            place: load_one(self.into, given, self.settings, chosen, decoded)
            for (place, given, chosen), decoded in zip(group, items, strict=True)
        }
