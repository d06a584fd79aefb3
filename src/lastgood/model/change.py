"""Something that was done to the system: a deploy, a commit, a flag, a cron run and so on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change as its feed tells it; texts are empty where the feed says nothing."""

    change_id: str
    kind: str
    at: datetime
    until: datetime
    service: str = ""
    title: str = ""
    version: str = ""
    previous: str = ""
    state: str = ""
    within: str = ""  # the id of the deploy that carried it
    files: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What to call it."""
        return self.title or (f"{self.service} {self.version}".strip() if self.version else self.change_id)
