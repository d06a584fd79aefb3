"""Can a service be rolled back: was the version before good, can it work with what happened since, is there a quicker way?

What it asks
    Of the last deploy of a service: which version to go back to, how that fared, whether migrations, flags or settings came
    with it or since, how much was written since, how long going back takes, and whether a flag would do.
Why on-call asks it
    A roll-back is the first thing that everybody thinks of. It helps only if the version before is good today, and past a
    migration it can break more than it mends.
Reads
    lg_changes from a day before the window, and builds that telemetry alone shows; lg_spans of the service by version.
How
    The last deploy is the newest recorded one that did not fail; the version before is what it states, else that of the deploy before it.
    Where the likely change is a deploy of the service, versions before that one are tried in turn, newest first, until one
    was good; where none is known to be, it is the newest. The checks then span all deploys since, such as a failed roll-forward.
    Served beside the new one while it is bad, the two are compared; else the version before while good with the new one while bad:
    a third of the failures, or a 95 % quantile of latency a fifth less, supports it. A migration since, but of what the service
    is known not to call, or a commit of the deploy that touches one, is against it where it drops or renames what the version before may read, and is an unknown
    otherwise; so is a flag or setting of the service that was changed since. No migration is believed only of a feed that reports
    migrations, or of the commits of this deploy. The answer is yes where everything supports it, no where anything is
    against it, else unknown; every unknown is named. What was written since is counted from spans whose name or method shows it.
Stays silent when
    No service is named, or no deploy of it is on record.
Known traps
    Changes of schema that no feed reports. Data that the new version wrote in a form of its own without a migration. A version
    before that was good only because another service was older then too.
"""

from collections.abc import Iterator

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount
from lastgood.model.rollback import RollBack, RollBackOf
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.feed import COMMITS
from lastgood.readings.rollback import read_roll_back

# fmt: off
ROLL_BACK_SURE = Amount(0.8, "of confidence in what versions, migrations and flags say", "judgement: what is not in a feed may forbid it")
# fmt: on


@inspection(
    "Can it be rolled back?",
    stage=Stage.MITIGATE,
    needs={Signal.CHANGES, Signal.SPANS, Signal.LOGS},
    gives=RollBack,
    handed=RollBackOf,
)
def roll_back(case: Case) -> Iterator[Finding]:
    """Whether the service that was handed in can be rolled back, with every reason."""
    asked = case.earlier(RollBackOf)
    if asked is None:
        yield Finding(Verdict.UNKNOWN, "this question needs a service; run: lastgood act rollback SERVICE")
        return
    read = read_roll_back(case, asked)
    if read is None:
        since = f"{case.window.start - COMMITS:%Y-%m-%d %H:%M} UTC"
        yield Finding(Verdict.UNKNOWN, f"no deploy of {asked.service} is recorded from {since} on")
        return
    verdict = {True: Verdict.YES, False: Verdict.NO, None: Verdict.UNKNOWN}[read.answer.possible]
    sure = None if verdict is Verdict.UNKNOWN else ROLL_BACK_SURE
    yield Finding(verdict, read.because, sure, read.answer, read.evidence)
