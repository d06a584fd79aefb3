"""`lastgood mcp`: answers for agents over standard input and output."""

from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room

if TYPE_CHECKING:
    from lastgood.config import Config


def mcp(
    *,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            envvar="LASTGOOD_URL",
            help="A server that runs: its answers are given. Its token: LASTGOOD_API_TOKEN.",
            show_default=False,
        ),
    ] = None,
    store: given.StoreAddress = None,
    role: Annotated[
        str, typer.Option("--role", help="viewer only reads; responder may also verify actions.")
    ] = "viewer",
    actor: _room.Actor = None,
) -> None:
    """Answer agents by the Model Context Protocol, over standard input and output.

    Without --url it opens the store itself, which no server may have open. How to use it:
    docs/howto/use-it-from-an-agent.md.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError, instead
    from lastgood.model.access import Role

    if url:
        _pass_on(url)
        return
    if role not in set(Role):
        raise UsageError(f"There is no role {role!r}.", hint=instead(role, Role))
    _answer_here(configured(store), f"agent of {_room.named(actor)}", role)


def _pass_on(url: str) -> None:
    import os

    import anyio

    from lastgood.config import url_problem
    from lastgood.errors import UsageError
    from lastgood.surfaces.mcp.stdio import pass_on

    if problem := url_problem(url):
        raise UsageError(f"The URL cannot be used: {problem}.")
    token = os.environ.get("LASTGOOD_API_TOKEN", "")
    if not token:
        raise UsageError(
            "The server needs an API token.",
            hint="Make one: lastgood key create --name NAME --role viewer. Set it as LASTGOOD_API_TOKEN.",
        )
    anyio.run(pass_on, url, token)


def _answer_here(config: "Config", name: str, role: str) -> None:
    import anyio

    from lastgood.model.access import Caller, Role
    from lastgood.surfaces.cli import _clock
    from lastgood.surfaces.mcp.stdio import answer_here
    from lastgood.workbench.service import service

    with service(config, _clock.now, {}, _clock.recording) as opened:
        anyio.run(answer_here, opened, Caller(name, Role(role)))
