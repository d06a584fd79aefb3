"""Parties: the people, or where no user is named the addresses, whose requests are affected."""

from dataclasses import dataclass

from lastgood.inspections.confirm.weights import ONE_OF_USERS
from lastgood.model.attributes import CLIENT_ADDRESS
from lastgood.model.figures import counted
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared, Counted, named
from lastgood.readings.refusals import REFUSED_HERE

# Where no user is named, whoever has one address is taken for one.
PARTIES = ("user", f"if(user = '', attributes['{CLIENT_ADDRESS}'], user)")
_USERS = """
SELECT countIf(party != '') AS users, countIf(hit > 0 AND party != '') AS affected, maxIf(hit, party != '') AS most,
       argMaxIf(n, hit, party != '') AS of_theirs, sumIf(hit, party = '') AS unnamed
FROM (
    SELECT %s AS party, count() AS n, countIf(failed OR duration_ns >= {slow:Float64}) AS hit
    FROM %s
    WHERE phase = 'bad' AND service IN {services:Array(String)}
      AND ({every:UInt8} OR operation IN {operations:Array(String)})
    GROUP BY party
)"""


@dataclass(frozen=True, slots=True)
class People:
    """Named users of the bad window; all zero when no user is named."""

    users: int
    affected: int
    most: int  # hits of the one who is hit most
    of_theirs: int  # of so many requests
    unnamed: int = 0  # hits of requests that name no user


def people_of(
    case: Case, affected: Compared, slow: float, party: str = PARTIES[0], *, refused: bool = False
) -> People:
    """The named users of the operations that are affected; `slow` is nanoseconds, infinite for errors."""
    operations = sorted({operation for _, operation in affected.places})
    rows = case.query(
        _USERS % (party, REFUSED_HERE if refused else "lg_requests"),
        window=case.comparison.bad if case.comparison else None,
        services=sorted({service for service, _ in affected.places}),
        operations=operations,
        every=int("" in operations),
        slow=min(slow, 1e18),
    )
    (found,) = rows.dicts()
    return People(found["users"], found["affected"], found["most"], found["of_theirs"], found["unnamed"])


def one_user(affected: Compared, people: People) -> bool:
    """Whether nothing is left without the user (or address) who is hit most, though there are others."""
    if people.users < ONE_OF_USERS or not people.most:
        return False
    rest = Counted(affected.bad.requests - people.of_theirs, max(0.0, affected.bad.failed - people.most))
    return not Compared(affected.places, affected.good, rest).fails_more()


def uncounted(affected: Compared, people: People) -> tuple[str, ...]:
    """Which users are not in the count."""
    if not people.users:
        return ("requests identify no users, so users cannot be counted",)
    if not people.unnamed:
        return ()
    least = counted(people.affected, "user is", "users are")
    nameless = counted(people.unnamed, "affected request")
    return (f"{nameless} to {named(affected)} identify no user: at least {least} affected",)
