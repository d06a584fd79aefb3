"""Release: the commits of a deploy, ranked by risk and by whether they touch what fails."""

from collections.abc import Collection, Iterator, Sequence

from lastgood.algorithms.change_risk import ranked
from lastgood.algorithms.code_history import histories, touched
from lastgood.algorithms.code_places import is_file, places
from lastgood.errors import NoDataError, UsageError
from lastgood.model.release import CarriedCommit, CodeHistory, Release
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views.captured import service_stack_traces
from lastgood.readings.views.release import carried, deploys, earlier
from lastgood.telemetry.reader import Reader
from lastgood.workbench.store import Store

NO_DIFF = "the feed has no diff of {n}: what they do is not known"
NO_FILES = "the feed has no files of {n}"
NO_TRACES = "no stack trace of a failure of this service: whether a commit touches what fails is not known"
BETWEEN = "the feed does not say which commits it carried: these are those since the version before"
OF_TAG = "no commit names this service: these are those of the tag {version} of {repository}, the only one of this version"
NEW_FILES = "no earlier commit to the files of {n} is loaded: they are new, or whose they are is not known"
NO_ORIGIN = "the age of the lines that {n} changed is not known: no loaded diff added most of them"


def release(store: Store, name: str) -> Release:
    """The commits of a deploy, the riskiest first.

    Raises:
        NoDataError: no changes are held.
        UsageError: no deploy, or more than one service's, has this name.
    """
    holdings, reader = store.survey()
    held = holdings.of(Signal.CHANGES)
    if held is None or held.window is None:
        raise NoDataError("No changes are recorded.", hint="Load deploys and commits: lastgood load PATH…")
    found = deploys(reader, held.window, name)
    if not found:
        known = ", ".join(
            dict.fromkeys(
                f"{one.service} {one.version}".strip() for one in deploys(reader, held.window, "")[:5]
            )
        )
        raise UsageError(
            f"No deploy is named {name!r}.", hint=f"Deploys: {known}." if known else "No deploy is recorded."
        )
    if len({one.service for one in found}) > 1:
        several = ", ".join(sorted({f"'{one.service} {one.version}'" for one in found}))
        raise UsageError(f"Several deploys are named {name!r}.", hint=f"Name one: {several}.")
    deploy = found[0]
    commits, reported, repository = carried(reader, held.window, deploy)
    files, traces = _failing_files(reader, holdings.telemetry_window, deploy.service, commits)
    names = [*dict.fromkeys(file for one in commits for file in touched(one))]
    whose = histories(
        [*earlier(reader, held.window, commits, names), *commits], {one.commit_id for one in commits}
    )
    diffless = sum(not one.diff for one in commits)
    fileless = sum(not one.files and not one.diff for one in commits)
    guess = OF_TAG.format(repository=repository, version=deploy.version) if repository else BETWEEN
    unknown = [guess] if commits and not reported else []
    unknown += [NO_DIFF.format(n=f"{diffless} of {len(commits)} commits")] if diffless else []
    unknown += [NO_FILES.format(n=f"{fileless} of {len(commits)} commits")] if fileless else []
    unknown += [*_unknown_history(whose.values()), *([] if traces else [NO_TRACES])]
    return Release(
        deploy.deploy_id, deploy.service, deploy.version, deploy.previous, deploy.at, ranked(commits, files, whose), reported,
        traces, tuple(unknown), deploy.tagged,
    )  # fmt: skip


def _unknown_history(known: Collection[CodeHistory]) -> Iterator[str]:
    new = sum(not one.earlier for one in known)
    lost = sum(one.age_days is None and one.lines > 0 and one.earlier > 0 for one in known)
    for text, count in ((NEW_FILES, new), (NO_ORIGIN, lost)):
        if count:
            yield text.format(n=f"{count} of {len(known)} commits")


def _failing_files(
    reader: Reader, window: Window | None, service: str, commits: Sequence[CarriedCommit]
) -> tuple[tuple[str, ...], int]:
    """Files of the service's own code in the stack traces of its failures, and how many traces there are.

    A trace whose line names no service is the service's where it names a file that a commit touches.
    """
    if window is None:
        return (), 0
    own = [places(text) for _, text, _ in service_stack_traces(reader, window, (service,))]
    changed = {file for one in commits for file in touched(one)}
    unnamed = [places(text) for _, text, _ in service_stack_traces(reader, window, ("",))]
    traces = [
        *filter(None, own),
        *(one for one in unnamed if any(is_file(place.file, file) for place in one for file in changed)),
    ]
    return tuple(dict.fromkeys(place.file for one in traces for place in one)), len(traces)
