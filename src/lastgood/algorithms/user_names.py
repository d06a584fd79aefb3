"""User names: the same people under names that differ by what they begin with, `u17` at one place and `17` at another."""

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from itertools import combinations

USER_VALUES = 10  # users at each place
SHARED = 0.1  # of their names, below which two places do not name users alike
SAME_USER = 0.5  # of their names without what they begin with, from which they mean the same users
MOSTLY = 0.9  # of users: what their names begin with
_TAIL = re.compile(r"^(?:[a-z][a-z_.-]*[^a-z0-9]|[a-z]{1,8})?0*([0-9a-f-]*[0-9][0-9a-f-]*)$", re.IGNORECASE)


def tail(user: str) -> str:
    """What is left of a name when what all names of a scheme begin with is taken off: of `u17` and `user-17` 17."""
    short = user.split("@", maxsplit=1)[0].rsplit("|", 1)[-1].lower()
    found = _TAIL.match(short)
    return found[1] if found else short


def prefixes(first: AbstractSet[str], second: AbstractSet[str]) -> tuple[str, str] | None:
    """What the names of the same users begin with at two places, where that alone sets them apart: `u` and nothing."""
    tails = [{tail(user): user for user in sorted(users)} for users in (first, second)]
    pairs = Counter(
        (tails[0][name].removesuffix(name), tails[1][name].removesuffix(name))
        for name in tails[0].keys() & tails[1].keys()
    )
    if not pairs:
        return None
    ((best, n),) = pairs.most_common(1)
    return best if n >= MOSTLY * pairs.total() else None


def other_names(places: list[tuple[str, AbstractSet[str]]]) -> dict[str, str]:
    """Of places that name the same users otherwise than one before them does, that one.

    Places are given with the names of their users, the one whose names count first.
    """
    found: dict[str, str] = {}
    for (name, users), (other, theirs) in combinations(places, 2):
        tails = {tail(user) for user in users} & {tail(user) for user in theirs}
        few = min(len(users), len(theirs))
        same = len(users & theirs) < SHARED * few and len(tails) >= SAME_USER * few
        if few >= USER_VALUES and same and name not in found:
            found.setdefault(other, name)
    return found
