"""Runs of background jobs, by what the log lines of workers say of how each ended."""

from datetime import UTC
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.confirm.jobs import by_jobs, worst_of
from lastgood.inspections.confirm.weights import JOBS_SURE, JOBS_WITHIN
from lastgood.model.answers import Confirmation
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.compared import COMPARED_FEWEST, Compared, Counted
from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from worlds import START

WORLD = """scenario  jobs
time      2026-11-20 10:00 .. 10:20
seed      4
logs      web info "served" rate=1/s
"""
CELERY = "[{time},000: INFO/Pool-1] Task {job}[17ab-{n}] {how}"
SENTENCES = {
    "celery": (CELERY, "mail.send", "succeeded in 0.5s: None", "retry: Retry in 60s: TimeoutError()"),
    "active job": ("{time} INFO [ActiveJob] [{n}] {how} {job} (Job ID: {n}) from Async(mails) in 12ms", "MailJob", "Performed", "Error performing"),
    "sidekiq": ("{zulu} pid=71 tid=ab class={job} jid={n} elapsed=0.5 INFO: {how}", "Mail::SendJob", "done", "fail"),
    "laravel": ("[{time}] local.INFO: {job} ........ 12ms {how}", "App\\Jobs\\SendMail", "DONE", "FAIL"),
    "delayed job": ("{time} INFO [Worker(host:a pid:7)] Job {job}#send (id={n}) (queue=mails) {how}", "Mailer", "COMPLETED after 0.5", "FAILED (0 prior attempts) with Net::OpenTimeout"),
    "rq": ("{time} INFO {how}", "app.tasks.mail", "Successfully completed app.tasks.mail('x') job in 0:00:01", "[Job 17ab]: exception raised while executing (app.tasks.mail)"),
    "spring batch": ("{time} INFO SimpleJobLauncher : Job: [SimpleJob: [name={job}]] completed with the following parameters: [x] and the following status: [{how}]", "mails", "COMPLETED", "FAILED"),
    "pairs": ("{time} INFO job={job} id={n} status={how}", "mails", "ok", "failed"),
}  # fmt: skip


def found(
    store: Store, folder: Path, runner: str = "celery", ill: int = 40, calm: int = 60
) -> Finding | None:
    """What is confirmed where `ill` runs of a job fail in the last ten minutes, beside as many that are done of another."""
    form, job, done, failed = SENTENCES[runner]
    lines = []
    for n in range(1200):
        late = n >= 600
        how = failed if late and n % calm == 0 and n < 600 + ill * calm else done
        time = f"2026-11-20 10:{n // 60:02d}:{n % 60:02d}"
        zulu = f"{time.replace(' ', 'T')}.000Z"
        if n % calm == 0:
            lines.append(form.format(time=time, zulu=zulu, n=n, job=job, how=how))
        lines.append(
            form.format(time=time, zulu=zulu, n=n, job=f"{job}Other", how=done) if runner != "rq" else ""
        )
    (folder / "worker.log").write_text("\n".join(filter(None, lines)) + "\n")
    load(store, [folder / "worker.log"], now=START, zone=UTC)
    case = case_of(store, reported(store, folder, WORLD, 10))
    return by_jobs(case, case.comparison) if case.comparison else None


@pytest.mark.parametrize("runner", SENTENCES)
def test_each_runner_says_how_a_run_ended(store: Store, tmp_path: Path, runner: str) -> None:
    """All runs of one job fail, none before; other jobs are done as before."""
    finding = found(store, tmp_path, runner, calm=15)

    assert finding is not None
    assert (Verdict.YES, JOBS_SURE) == (finding.verdict, finding.confidence)
    assert isinstance(finding.answer, Confirmation)
    impact = finding.answer.impact
    assert (40, 40, True) == (impact.requests, impact.failed, impact.attempts)
    assert SENTENCES[runner][1] in impact.of


def test_few_failed_runs_are_none(store: Store, tmp_path: Path) -> None:
    """COMPARED_FEWEST at least."""
    assert None is found(store, tmp_path, ill=COMPARED_FEWEST - 1, calm=15)


@pytest.mark.parametrize("fewer", [0, 1])
def test_one_job_is_named_where_nearly_all_fail_there(fewer: int) -> None:
    """JOBS_WITHIN of the failed runs beyond the usual; else all that fail are."""

    def runs(job: str, failed: float) -> Compared:
        return Compared((("worker", job),), Counted(10_000, 0), Counted(10_000, failed))

    most, other = runs("mail", 1000 * JOBS_WITHIN - fewer), runs("index", 1000 * (1 - JOBS_WITHIN) + fewer)

    assert (most.places if not fewer else (*most.places, *other.places)) == worst_of([most, other]).places
