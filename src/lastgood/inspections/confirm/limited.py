"""Requests that a limit refuses: of a few senders who send far more than all others, the limit does what it is for.

Whoever tries passwords or copies a site gets 429 for it. Where the limit is too low, or counts all users as one, most
senders get it, and they send no more than others. Behind one address may be many people, whose programs differ.
"""

from dataclasses import replace
from math import isnan

from lastgood.inspections.confirm.parties import PARTIES
from lastgood.inspections.confirm.weights import LIMITED_AGENTS, LIMITED_HOLDS, LIMITED_SENDERS, LIMITED_TIMES
from lastgood.model.figures import count, multiple, percent
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.readings.case import Case
from lastgood.readings.load_tools import AGENT

LIMITED = 429
_WHOLE = f"SELECT countIf(failed) AS failed, countIf(http_status = {LIMITED}) AS refusals FROM lg_requests WHERE phase = 'bad'"
_READ = f"""
SELECT sumIf(refused, party != '') AS of_known,
       countIf(party != '') AS senders, countIf(party != '' AND refused > 0) AS affected,
       maxIf(agents, party != '' AND refused > 0) AS agents, quantileIf(0.5)(n, party != '' AND refused > 0) AS theirs, quantileIf(0.5)(n, party != '' AND refused = 0) AS others
FROM (SELECT {PARTIES[1]} AS party, count() AS n, uniqIf({AGENT}, {AGENT} != '') AS agents, countIf(http_status = {LIMITED}) AS refused
      FROM lg_requests WHERE phase = 'bad' GROUP BY party)"""


def doubtful_if_limited(case: Case, said: Finding) -> Finding:
    """The same; unknown where nearly all that fails is refused by a limit, to a few senders who send far more than others."""
    if said.verdict is not Verdict.YES or case.comparison is None:
        return said
    (whole,) = case.query(_WHOLE, window=case.comparison.hull).dicts()
    if whole["refusals"] < max(1, LIMITED_HOLDS * whole["failed"]):
        return said  # before what each request says of its sender is read
    (row,) = case.query(_READ, window=case.comparison.hull).dicts()
    refused = row["of_known"] >= LIMITED_HOLDS * whole["refusals"]
    few = row["affected"] <= LIMITED_SENDERS * row["senders"] and 1 <= row["agents"] <= LIMITED_AGENTS
    if not refused or not few or isnan(row["others"]) or row["theirs"] < LIMITED_TIMES * row["others"]:
        return said
    because = (
        f"{percent(whole['refusals'] / whole['failed'])} of {count(whole['failed'])} failures are refusals by a rate limit (429), to {count(row['affected'])} "
        f"of {count(row['senders'])} senders, who send {multiple(row['theirs'] / row['others'])} as much as others: the limit may do what it is for"
    )
    return replace(
        said, verdict=Verdict.UNKNOWN, because=because, confidence=None, answer=None,
        limits=(Check("ask whether these senders are customers"), said.because, *said.limits),
    )  # fmt: skip
