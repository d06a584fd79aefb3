"""Requests of load generators: a test that is announced is no incident, unless it affects those who do not test.

Tools of load tests say who they are in their user agent. Where they send much of what comes, what fails or is slow is
counted again without their requests.
"""

from dataclasses import replace

from lastgood.inspections.confirm.weights import NOTICED_TIMES, TESTED_MORE, TESTED_SHARE
from lastgood.model.figures import count, multiple, percent, quantile_name
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.readings.case import Case
from lastgood.readings.compared import affected_among, compared_people
from lastgood.readings.load_tools import AGENT, OF_LOAD_TOOLS

_READ = f"""
SELECT countIf(phase = 'bad' AND {OF_LOAD_TOOLS}) AS tested, countIf(phase = 'bad' AND {AGENT} != '') AS bad,
       countIf(phase = 'bad' AND {AGENT} = '') AS unnamed, countIf(phase = 'good' AND {OF_LOAD_TOOLS}) AS before, countIf(phase = 'good' AND {AGENT} != '') AS good,
       anyIf({AGENT}, phase = 'bad' AND {OF_LOAD_TOOLS}) AS tool
FROM lg_requests"""


def doubtful_if_tested(case: Case, said: Finding) -> Finding:
    """The same; unknown where a load generator sends much of what comes, and others' requests are hardly worse."""
    if said.verdict is not Verdict.YES or case.comparison is None:
        return said
    (row,) = case.query(_READ, window=case.comparison.bad).dicts()
    if row["tested"] < TESTED_SHARE * max(row["bad"], 1):  # the long time before need not be read
        return said
    (row,) = case.query(_READ, window=case.comparison.hull).dicts()
    share, before = row["tested"] / max(row["bad"], 1), row["before"] / max(row["good"], 1)
    if share < TESTED_MORE * before:
        return said
    if row["unnamed"] > row["bad"]:  # how most others fare, whose agent no one wrote down, is not known
        return said
    parts, _ = compared_people(case)
    others = affected_among(parts)
    shift = others.slower() if others else None
    fails = others is not None and others.fails_more()
    if fails or (shift is not None and shift.bad >= NOTICED_TIMES * shift.good):
        return said
    slower = (
        f", {quantile_name(shift.quantile)} is {multiple(shift.bad / shift.good)} as long" if shift else ""
    )
    return replace(
        said,
        verdict=Verdict.UNKNOWN,
        because=f"{percent(share)} of {count(row['bad'])} requests are of a load generator ({row['tool']}); without them as few requests fail as before{slower}",
        confidence=None,
        answer=None,
        limits=(Check("ask whether a load test was announced"), said.because, *said.limits),
    )
