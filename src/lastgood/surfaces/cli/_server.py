"""A server that runs: LASTGOOD_URL with LASTGOOD_API_TOKEN makes commands ask it, instead of the store of this machine."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from lastgood.surfaces.asked import Asked
    from lastgood.surfaces.invocation import Invocation

ANSWER_SECONDS, CONNECT_SECONDS = 300.0, 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """The server of the environment."""

    url: str
    token: str = field(repr=False)

    def say(self, name: str, asked: "Asked", *, out: Path | None = None) -> NoReturn:
        """Print what the server says to a command, and end with its exit status.

        Raises:
            LastgoodError: as the command itself would; or the server cannot be asked.
        """
        found = self._answered(name, asked)
        if out is not None:
            from lastgood.surfaces.cli._out import save

            save(out, found["text"].encode("utf-8", "replace"))
        else:
            sys.stdout.write(found["text"])
        if found["note"]:
            typer.echo(found["note"], err=True)
        raise typer.Exit(found["exit_status"])

    def cannot(self, what: str) -> NoReturn:
        """Refuse what no server can be asked for.

        Raises:
            UsageError: always.
        """
        from lastgood.errors import UsageError

        raise UsageError(
            f"LASTGOOD_URL is set, and this command cannot {what} through a server.",
            hint="Unset LASTGOOD_URL to use the store and the record of this machine, or name others.",
        )

    def _answered(self, name: str, asked: "Asked") -> dict[str, Any]:
        import httpx

        from lastgood.errors import CannotRunError, NoDataError, UsageError, by_code

        try:
            answer = httpx.get(
                f"{self.url}/api/commands/{name}",
                params=asked.query(),
                headers={"authorization": f"Bearer {self.token}"},
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            )
            found = answer.json()
        except (httpx.HTTPError, ValueError) as problem:
            raise CannotRunError(
                f"The server at LASTGOOD_URL cannot be asked: {type(problem).__name__}.",
                hint="Is it running? Unset LASTGOOD_URL to use the store of this machine.",
            ) from problem
        if answer.status_code in {401, 403}:
            raise UsageError(
                f"The server at LASTGOOD_URL refuses the token: {found.get('message', '')}.",
                hint="Make one: lastgood key create --name NAME --role viewer. Set it as LASTGOOD_API_TOKEN.",
            )
        if answer.status_code != 200:
            kind = by_code(str(found.get("error", ""))) or CannotRunError
            base = next((one for one in (UsageError, NoDataError) if issubclass(kind, one)), CannotRunError)
            raise base(str(found.get("message", "")), hint=asked.how.filled(str(found.get("hint", ""))))
        return dict(found)


def server_of(
    paths: list[Path] | None, sources: list[str] | None, store: str | None, *, record: bool = False
) -> Server | None:
    """The server to ask; None without one, or if files, sources, a store or (for the `record`) a record are named.

    Raises:
        UsageError: LASTGOOD_URL is not an address.
    """
    url, token = os.environ.get("LASTGOOD_URL", ""), os.environ.get("LASTGOOD_API_TOKEN", "")
    if not url or not token or paths or sources or store or (record and os.environ.get("LASTGOOD_RECORD")):
        return None
    from lastgood.config import url_problem
    from lastgood.errors import UsageError

    if problem := url_problem(url):
        raise UsageError(f"LASTGOOD_URL cannot be used: {problem}.")
    return Server(url.rstrip("/"), token)


def of(how: "Invocation", output: str, *, budget: str | None = None, **more: Any) -> "Asked":
    """What a command is asked, from how it was called.

    Raises:
        UsageError: a time budget, which is the server's.
    """
    from lastgood.errors import UsageError
    from lastgood.surfaces.asked import Asked

    if budget is not None:
        raise UsageError("The server has a time budget of its own.", hint="Leave out --budget.")
    return Asked(
        **{"services": how.services, "incident": how.incident, **more}, output=str(output), zone=how.zone, now=how.now,
        window=how.window, good=how.baseline,
    )  # fmt: skip
