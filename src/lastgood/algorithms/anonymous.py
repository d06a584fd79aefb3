"""Anonymous: names of people, customers and hosts in telemetry, each replaced by a kind and a number, always the same one.

First every value of an attribute that names a person is learnt; then whole values and the same words in texts are
replaced, in capitals or not. Addresses (e-mail, IP, of network cards) are replaced wherever they stand. Secrets are blotted out: whoever
has the telemetry may share what is made of it. Names of services and versions are kept: they are parts of the system. A name that no attribute holds is not known, so texts written by people have to be read.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from lastgood.algorithms.captures import is_credential
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import BLOT, without_secrets
from lastgood.model.attributes import CLIENT_ADDRESS, HOSTS, INSTANCES, PEERS, USERS

PERSON, USER, CUSTOMER, HOST = "person", "user", "customer", "host"
SHORTEST_NAME = 4  # characters of a name that is replaced inside a text: a shorter one stands there by chance
_PEOPLE = re.compile(
    r"(?:^|[._])(?:actor|author|(?:user|enduser|owner|customer)[._](?:name|full_name|email)|email|username)$"
)
_CUSTOMERS = re.compile(
    r"(?:^|[._])(?:tenant|customer|account|organi[sz]ation|org|company|workspace|merchant|school)(?:[._]?(?:id|name|slug))?$"
)
LONGEST_RUN = 15  # parts of a word, with what separates them, that are looked at as one name
_MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")  # RFC 5321; unbounded it is quadratic
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
# IPv6, and addresses of network cards; times of day look like the first.
_GROUPS = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_CARD = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
_WORD = re.compile(r"[\w.-]{4,}")
_OURS = re.compile(r"(?:person|user|customer|host)-\d+")
_PART = re.compile(r"[^._-]+|[._-]")


@dataclass
class Anonymous:
    """The names that were learnt. `kept` are names that stay, such as those of services."""

    kept: Collection[str] = ()
    _names: dict[str, str] = field(default_factory=dict)
    _any_case: dict[str, str] = field(default_factory=dict)  # the same by the name in small letters
    _starts: set[str] = field(default_factory=set)  # the first part of each name, in small letters
    _counts: dict[str, int] = field(default_factory=dict)
    _spaced: re.Pattern[str] | None = None

    def kind_of(self, attribute: str) -> str | None:
        """What the values of an attribute name; None where they name no person."""
        if attribute in USERS:
            return USER
        if _PEOPLE.search(attribute):
            return PERSON
        if _CUSTOMERS.search(attribute):
            return CUSTOMER
        return HOST if attribute in {*INSTANCES, *HOSTS, *PEERS, CLIENT_ADDRESS} else None

    def learn(self, attribute: str, values: Iterable[str]) -> None:
        """Take note of the values of an attribute, if it names a person."""
        if kind := self.kind_of(attribute):
            for value in values:
                if not (
                    attribute in PEERS and "." not in value
                ):  # a peer without a dot is a part of the system
                    self.name(kind, value)

    def name(self, kind: str, value: str) -> str:
        """What stands for a name: `person-1`, `host-12`."""
        if not value or value in self.kept:
            return value
        if value not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[value] = f"{kind}-{self._counts[kind]}"
            self._any_case.setdefault(value.lower(), self._names[value])
            self._starts.update(part.lower() for part in _PART.findall(value)[:1])
            self._spaced = None
        return self._names[value]

    def value(self, attribute: str, value: str) -> str:
        """A value of an attribute without names; none of it where the attribute is a secret."""
        if value and is_credential(attribute.lower().rpartition(".")[2]):
            return BLOT
        return self._names[value] if self.kind_of(attribute) and value in self._names else self.text(value)

    def text(self, text: str) -> str:
        """A text without names, secrets, and numbers of cards and accounts."""
        text = _MAIL.sub(lambda match: self.name(PERSON, match[0]), without_secrets(text))
        text = redacted(text)[0]
        text = _ADDRESS.sub(lambda match: self.name(HOST, match[0]), text)
        text = _GROUPS.sub(
            lambda match: self.name(HOST, match[0]) if _is_address(match[0]) else match[0], text
        )
        if spaced := self._with_spaces():
            text = spaced.sub(lambda match: self._known(match[0]), text)
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        bare = word.rstrip(".-")
        if bare in self.kept or _OURS.fullmatch(bare):
            return word
        if self._known(bare) and self._is_telling(bare):
            return self._known(bare) + word[len(bare) :]
        return "".join(self._parts(_PART.findall(word)))

    def _parts(self, parts: list[str]) -> Iterator[str]:
        """The parts of a word, the longest run of them that is a name replaced: `host-1.internal` of `db-prod-7.internal`."""
        at = 0
        while at < len(parts):
            ends = (
                range(min(len(parts), at + LONGEST_RUN), at, -1) if parts[at].lower() in self._starts else ()
            )
            runs = ((end, "".join(parts[at:end])) for end in ends)
            end, name = next((run for run in runs if self._is_inside(run[1])), (at + 1, ""))
            yield self._known(name) if name else parts[at]
            at = end

    def _known(self, name: str) -> str:
        """What stands for a name in a text; empty where it is none."""
        return self._names.get(name) or self._any_case.get(name.lower(), "")

    def _is_inside(self, part: str) -> bool:
        return bool(self._known(part)) and self._is_telling(part) and part not in self.kept

    def _is_telling(self, name: str) -> bool:
        """Whether a word in a text is this name, rather than a number or a short word that stands there by chance."""
        return len(name) >= SHORTEST_NAME and not (name.isdigit() and len(name) <= SHORTEST_NAME)

    def _with_spaces(self) -> re.Pattern[str] | None:
        if self._spaced is None:
            names = sorted((one for one in self._names if re.search(r"[^\w.-]", one)), key=len, reverse=True)
            if names:
                self._spaced = re.compile(
                    "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in names), re.IGNORECASE
                )
        return self._spaced


def _is_address(text: str) -> bool:
    try:
        return bool(_CARD.fullmatch(text)) or ip_address(text).version == 6
    except ValueError:
        return False
