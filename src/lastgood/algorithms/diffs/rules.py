"""How a family of effects is written: what parts it counts, and what it means that there are fewer or more of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.algorithms.diffs.parts import Edits, Part

LONGEST_RULE = 160


@dataclass(frozen=True, slots=True)
class Rule:
    """Parts of some forms, by their name; one effect where they become fewer, one where they become more."""

    gone: EffectKind | None
    come: EffectKind | None
    forms: frozenset[Form]
    looks: re.Pattern[str]  # of the name, of a mark and a text with its value
    unless: Callable[[Edits, list[Part]], bool] = field(default=lambda _, __: False)

    def counts(self, part: Part) -> bool:
        """Whether a part is one of them."""
        reported = part.value if part.form in {Form.TEXT, Form.GUARD, Form.SCOPE} else part.name
        return part.form in self.forms and bool(self.looks.search(reported))


def rule(
    looks: str,
    gone: EffectKind | None = None,
    come: EffectKind | None = None,
    forms: str = "call mark",
    **kept: Callable[[Edits, list[Part]], bool],
) -> Rule:
    """A rule; letters of either case."""
    return Rule(gone, come, frozenset(map(Form, forms.split())), re.compile(looks, re.IGNORECASE), **kept)


def counted(edits: Edits, rules: Iterable[Rule]) -> Iterator[Effect]:
    """The effects of the rules whose parts are fewer or more than before."""
    for one in rules:
        lost, got = ([part for part in parts if one.counts(part)] for parts in (edits.lost, edits.got))
        if len(lost) > len(got) and one.gone and not one.unless(edits, lost):
            yield effect(edits, one.gone, lost[0])
        elif len(got) > len(lost) and one.come and not one.unless(edits, got):
            yield effect(edits, one.come, got[0])


def effect(
    edits: Edits, kind: EffectKind, part: Part, what: str = "", seconds: float | None = None
) -> Effect:
    """An effect that rests on a part."""
    text = part.line.text.strip()[:LONGEST_RULE]
    return Effect(
        kind,
        edits.hunk.path,
        text,
        part.line.number,
        (what or text[:80])[:120],
        seconds,
        function=part.place.function[:80],
    )
