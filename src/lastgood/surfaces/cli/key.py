"""`lastgood key`: keys of the server: what sends to it, and what uses its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _room

if TYPE_CHECKING:
    from lastgood.workbench.access import Access

key = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Keys of the server.")

RecordAddress = Annotated[
    str | None, typer.Option("--record", help="Address of the incident record.", show_default=False)
]


@key.callback()
def _key() -> None:
    """Keys of the server."""


@key.command()
def create(
    *,
    name: Annotated[str, typer.Option("--name", help="Whose it is.")],
    role: Annotated[
        str | None,
        typer.Option("--role", help="viewer, responder or admin: an API token. Default: an ingest key."),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=3650, help="How long it is valid. Default: for good.")
    ] = None,
    record: RecordAddress = None,
    actor: _room.Actor = None,
) -> None:
    """Print a new key, once; only its hash is kept. It works at once, also where a server runs."""
    from lastgood.errors import UsageError, instead
    from lastgood.model.access import KeyKind, Role

    if role is not None and role not in set(Role):
        raise UsageError(f"There is no role {role!r}.", hint=instead(role, Role))
    kind = KeyKind.API if role else KeyKind.INGEST
    with _access(record) as access:
        _, text = access.new_key(
            name, kind, Role(role) if role else None, days=days, actor=_room.named(actor)
        )
    typer.echo(text)


@key.command("list")
def list_(*, record: RecordAddress = None) -> None:
    """Every key: its id, kind, role, name, and until when it is valid."""
    from lastgood.model import figures
    from lastgood.model.clock import system_clock

    with _access(record) as access:
        for one in access.accounts.all_keys():
            until = f"until {figures.stamp(one.expires_at)}" if one.expires_at else "for good"
            state = until if one.valid(system_clock()) else "no longer valid"
            typer.echo(f"{one.identity}  {one.kind:6}  {one.role or '-':9}  {one.name}  {state}")


@key.command()
def revoke(
    identity: Annotated[str, typer.Argument(help="Its id, as `lastgood key list` shows it.")],
    *,
    record: RecordAddress = None,
    actor: _room.Actor = None,
) -> None:
    """Make a key count no more; a server that runs knows it within five seconds."""
    with _access(record) as access:
        access.revoke(identity, actor=_room.named(actor))


@contextmanager
def _access(record: str | None) -> Iterator["Access"]:
    from lastgood.config import configured
    from lastgood.model.clock import system_clock
    from lastgood.workbench.service import access_only

    with access_only(record or configured().record, system_clock) as access:
        yield access
