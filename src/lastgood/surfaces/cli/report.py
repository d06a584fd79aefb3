"""`lastgood report`: put a change on the feed, by the kit's own reporter."""

from typing import Annotated

import typer

Service = Annotated[str, typer.Option(show_default=False, help="The service that was changed.")]
Version = Annotated[str, typer.Option(show_default=False, help="The new version, as its telemetry names it.")]
Previous = Annotated[
    str, typer.Option(show_default=False, help="The version before: needed to judge a roll-back.")
]
Title = Annotated[str, typer.Option(show_default=False, help="What was changed, in one line.")]
State = Annotated[str, typer.Option(show_default=False, help="How it ended: succeeded, failed, and so on.")]
Url = Annotated[str, typer.Option(show_default=False, help="A page about it, such as the CI job.")]


def report(
    kind: Annotated[
        str, typer.Argument(help="Kind of the change: deploy, config, flag, migration, cron, and so on.")
    ],
    *,
    service: Service = "",
    version: Version = "",
    previous_version: Previous = "",
    title: Title = "",
    actor: Annotated[
        str, typer.Option(show_default=False, help="Default: the CI job's user, or yours.")
    ] = "",
    state: State = "",
    url: Url = "",
    id: Annotated[  # noqa: A002 - the name of the option
        str, typer.Option(show_default=False, help="With the same id, a repeated report is the same change.")
    ] = "",
    time: Annotated[str, typer.Option(show_default=False, help="With zone. Default: now.")] = "",
    until: Annotated[str, typer.Option(show_default=False, help="When it ended.")] = "",
    file: Annotated[
        str, typer.Option(show_default=False, help="Append to this file of JSON lines instead.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when it could not be delivered.")] = False,
) -> None:
    """Report a deploy, migration, cron run or other change to the server of LASTGOOD_URL, with the key of LASTGOOD_KEY.

    The same as `python -m lastgood_kit report`, which needs no store. A report that cannot be delivered does not stop a deploy:
    the exit status is 0, with --strict it is 1.
    """
    from lastgood.errors import UsageError

    try:
        from lastgood_kit.__main__ import main
    except ImportError as missing:
        raise UsageError(
            "The package lastgood-kit is not installed.", hint="Install it: pip install lastgood-kit"
        ) from missing
    given = {
        "service": service, "version": version, "previous-version": previous_version, "title": title, "actor": actor,
        "state": state, "url": url, "id": id, "time": time, "until": until, "file": file,
    }  # fmt: skip
    words = [f"--{name}={value}" for name, value in given.items() if value]
    raise typer.Exit(main(["report", *words, *(["--strict"] if strict else []), "--", kind]))
