"""What is being looked at: everything, or the part that an attribute filter leaves."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """Services (none named: all of them) and attribute values that rows must carry."""

    services: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered out."""
        return not self.services and not self.attributes
