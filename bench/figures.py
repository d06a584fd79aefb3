"""What a bench gives back: figures with units and the limit they are held to.

A bench is a module (or package) of this folder with

    NEEDS = "loghub-2k-corrected"      # a folder inside DATA; "" when the bench makes its own data
    def run(data: Path, scratch: Path) -> Iterator[Figure]: ...

`data` is that folder (DATA itself when NEEDS is empty), `scratch` an empty folder that is gone afterwards. Every bench runs in a
process of its own, so that its peak memory is its own and it can open a store.
"""

import resource
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `limit` is what it must not miss, in the direction of `better`."""

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    better: Literal["more", "less"] = "less"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None when there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.better == "more" else self.value <= self.limit


def peak_memory() -> float:
    """The largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
