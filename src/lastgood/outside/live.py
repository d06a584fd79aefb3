"""Live: the questions about known troubles, put to a running database, read-only and within limits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from lastgood.algorithms.live_questions import LiveQuestion, live_questions
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import LastgoodError, NotFetchedError, QueryFailedError, UsageError
from lastgood.model.sql_answer import Cell
from lastgood.model.trouble import LiveAnswer, System
from lastgood.outside import database
from lastgood.outside.database.address import Address, address_of
from lastgood.outside.database.limits import Limits
from lastgood.outside.endpoints import EndpointAddress, ask_endpoint, endpoint_address, is_endpoint
from lastgood.outside.redis_server import SCHEMES, RedisAddress, ask_redis, redis_address

_SYSTEMS = {"postgres": System.POSTGRESQL, "mysql": System.MYSQL}
Asked = Address | RedisAddress | EndpointAddress


def live_address(given: str, environment: Mapping[str, str], *, password: str = "") -> Asked:
    """The address of a database, as `lastgood sql` takes it, or of Redis; `password` comes before the usual places.

    Raises:
        UsageError: it is no such address, or holds a password in sight.
    """
    named = given.removeprefix("env:") if given.startswith("env:") else ""
    text = environment.get(named, "") if named else given
    if text.split("://", 1)[0] in SCHEMES:
        redis = redis_address(text, environment, open_password=bool(named))
        return replace(redis, password=password) if password else redis
    if is_endpoint(text):
        endpoint = endpoint_address(text, open_password=bool(named))
        return replace(endpoint, password=password) if password else endpoint
    address = address_of(given, environment)
    if address.dialect not in _SYSTEMS:
        raise UsageError(
            "The checks of known troubles ask PostgreSQL, MySQL, MariaDB, Redis and debug endpoints.",
            hint="Ask another database yourself: lastgood sql.",
        )
    return replace(address, password=password) if password else address


def system_of(address: Asked) -> System:
    """Which system is at an address."""
    match address:
        case RedisAddress():
            return System.REDIS
        case EndpointAddress():
            return address.system
        case _:
            return _SYSTEMS[address.dialect]


def ask_live(address: Asked, names: Sequence[str], limits: Limits) -> tuple[LiveAnswer, ...]:
    """The answers to the named questions that its system knows; after one that cannot be reached, none is asked."""
    wanted = [one for one in live_questions(system_of(address)) if one.name in names]
    found: list[LiveAnswer] = []
    for question in wanted:
        if found and found[-1].problem and not found[-1].asked:  # it did not let us in
            found.append(replace(found[-1], question=question.name))
            continue
        found.append(_answer(address, question, limits))
    return tuple(found)


def _answer(address: Asked, question: LiveQuestion, limits: Limits) -> LiveAnswer:
    """The answer of the first statement that the server knows; of no answer the reason of the last."""
    started = perf_counter()
    none = LiveAnswer(question.system, str(address), question.name, "")
    if isinstance(address, EndpointAddress):
        asked = " + ".join(question.statements)
        try:
            columns, rows = ask_endpoint(address, question.name, question.statements, limits.seconds)
        except NotFetchedError as problem:  # another path of it may answer
            return replace(none, asked=asked if problem.status else "", problem=problem.message)
        return replace(
            none, asked=asked, columns=columns, rows=_shown(rows), seconds=perf_counter() - started
        )
    for statement in question.statements:
        try:
            if isinstance(address, RedisAddress):
                columns, rows = ask_redis(address, statement, limits.seconds)
                taken = perf_counter() - started
                return replace(none, asked=statement, columns=columns, rows=_shown(rows), seconds=taken)
            said = database.ask(address, statement, limits)
            cut = bool(said.cut_off)
            return replace(
                none, asked=said.sql, columns=said.columns, rows=said.rows, cut_off=cut, seconds=said.seconds
            )
        except QueryFailedError as problem:
            none = replace(none, asked=statement, problem=problem.message)
        except LastgoodError as problem:
            return replace(none, problem=problem.message)
    return none


def _shown(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Without secrets and personal data in texts, such as the names of queues, as databases give them."""
    return tuple(
        tuple(redacted(without_secrets(one))[0] if isinstance(one, str) else one for one in row)
        for row in rows
    )
