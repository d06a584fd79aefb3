"""Something that was done to the system: a deploy, a commit, a flag, a cron run and so on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lastgood.model.figures import shortened


class ChangeKind(StrEnum):
    """The kinds of change that are distinguished."""

    DEPLOY = "deploy"
    COMMIT = "commit"
    CONFIG = "config"
    FLAG = "flag"
    MIGRATION = "migration"
    CRON = "cron"
    SCALING = "scaling"
    CERTIFICATE = "certificate"
    DNS = "dns"
    THIRD_PARTY = "third_party"
    INFRASTRUCTURE = "infrastructure"


# No one of the team made these: they reach whoever depends on what they are about.
OUTSIDE = frozenset(
    {ChangeKind.CERTIFICATE, ChangeKind.DNS, ChangeKind.THIRD_PARTY, ChangeKind.INFRASTRUCTURE}
)
OURS = frozenset(ChangeKind) - OUTSIDE


def bare_title(kind: str, title: str) -> str:
    """`payments v2.46.0` of the title `Deploy payments v2.46.0` of a deploy: what is said beside its kind."""
    word = kind.replace("_", " ")
    first, rest = title[: len(word)], title[len(word) :]
    return (
        rest.lstrip(" :") if first.lower() == word and rest[:1] in {" ", ":"} and rest.strip(" :") else title
    )


# How tools number migrations: 0087_drop_gift_wrap (Django), V12__add_index (Flyway), 20261129021500_drop (Rails, Alembic).
_NUMBERED = re.compile(r"\b(?:V[\d.]+__|\d{3,14}_)[A-Za-z]\w*")
_REVISION = re.compile(r"[0-9a-f]{40}")
_CLAUSE = re.compile(r"[,;]\s|\n")
TITLE_LONGEST = 60  # characters of a title in a sentence
NAME_WORDS = 2  # from three words on a title is a sentence of its own, and quoted


def short_title(kind: str, bare: str) -> str:
    """What is needed to find a change: of a migration its numbered name, else the first clause of its title."""
    numbered = _NUMBERED.search(bare) if kind == ChangeKind.MIGRATION else None
    return numbered[0] if numbered else shortened(_CLAUSE.split(bare)[0], TITLE_LONGEST)


def title_in_sentence(kind: str, bare: str) -> str:
    """`payments v2.46.0`, `“Retry calls of the pricing service”`: quoted where it could be read as part of the sentence."""
    short = short_title(kind, bare)
    return f"“{short}”" if len(short.split()) > NAME_WORDS else short


def short_id(change_id: str) -> str:
    """A commit's id as git abbreviates it; any other id whole."""
    return change_id[:12] if _REVISION.fullmatch(change_id) else change_id


def named(kind: str, service: str | None, title: str) -> str:
    """`deploy payments v2.46.0`: a kind, whose it is unless the title says so, and the title."""
    reported = not service or title.lstrip("“").lower().startswith(service.lower())
    return f"{kind.replace('_', ' ')} {'' if reported else f'{service} '}{title}"


# The words of feeds for a change that ended without being in force.
NOT_IN_FORCE = frozenset(
    {
        "failed",
        "failure",
        "error",
        "cancelled",
        "canceled",
        "aborted",
        "skipped",
        "rejected",
        "denied",
        "timed_out",
    }
)


NEVER_BEGUN = frozenset({"skipped", "rejected", "denied"})  # of these, those that changed nothing


@dataclass(frozen=True, slots=True)
class Change:
    """A change as its feed tells it; texts are empty where the feed says nothing."""

    change_id: str
    kind: ChangeKind
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

    @property
    def took_effect(self) -> bool:
        """Whether it is in force as far as its feed says: it was not ended, refused or passed over."""
        return self.state.lower() not in NOT_IN_FORCE

    @property
    def broken_off(self) -> bool:
        """Whether it was begun and did not come into force: a tool may still count it as the last one."""
        return self.state.lower() in NOT_IN_FORCE - NEVER_BEGUN
