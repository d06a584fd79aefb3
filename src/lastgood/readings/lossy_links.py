"""Machines whose network drops or sends again what their peers deliver: an interface, a cable or a switch at fault.

Retransmissions rise on all machines where everything is slow, so one is held against the others.
Metrics are node_exporter's (https://github.com/prometheus/node_exporter), collectd's, CloudWatch's and their like, by the
words of their names.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from lastgood.algorithms.change_lineage import bare
from lastgood.model.evidence import Table
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.hosts import read_hosts

# fmt: off
LINK_PEERS = Count(2, "other machines with the same metric", "judgement: of one it is not known which of the two is the usual")
LINK_TIMES = Amount(5.0, "times as much as the most that was usual, and as any other machine has now", "judgement: far beyond what load alone does")
LINK_LEAST = Amount(0.01, "of loss or a packet a second, at least", "judgement: below it users notice nothing")
LINK_UNPLACED = Amount(0.3, "of its weight, where nothing observed is known to run on the machine", "judgement: it may be any machine, and a metric may be called so by chance")
LINK_VALUES = Count(3, "values in either window", "judgement: of fewer nothing is usual")
# fmt: on
# Words of networks apart from others: `tx` may be a transaction, and `kubernetes` has `net` in it.
_LOSES = (
    r"(?i)^((node|system|host|machine|windows|win|os|collectd|telegraf|netdata|container|pod|vm|aws|ec2|instance)[._-])*"
    r"((net|network|netstat|nic|eth[0-9]*|if|ifstat|interface|tcp|ip|packets?)[._-].*(drop|err|lost|loss)|.*retrans(mi|[._-]?segs|[._-]per|$)|.*packet.?loss|network_?packets_?(dropped|lost|err))"
)
# A counter is read as its rate; the step over a reset is left out.
LOSSES = """
SELECT metric, machine, countIf(phase = 'good') AS n, countIf(phase = 'bad') AS m,
       greatest(quantileExactIf(0.95)(lost, phase = 'good'), 0) AS good, quantileExactIf(0.5)(lost, phase = 'bad') AS bad
FROM (
    SELECT metric, phase, ts, machine, sum(if(counter, grown / gap, value)) AS lost FROM (
        SELECT metric, phase, ts, if(instance != '', instance, service) AS machine, value, monotonic AND cumulative AS counter,
               row_number() OVER series AS place, value - lagInFrame(value) OVER series AS grown,
               if(place > 1, dateDiff('millisecond', lagInFrame(ts) OVER series, ts) / 1000, 0) AS gap
        FROM lg_points WHERE phase != '' AND isFinite(value) AND match(metric, {loses:String})
        WINDOW series AS (PARTITION BY metric, service, instance, toString(attributes) ORDER BY ts))
    WHERE NOT counter OR (grown >= 0 AND gap > 0)
    GROUP BY metric, phase, ts, machine)
WHERE machine != '' GROUP BY metric, machine ORDER BY metric, machine LIMIT 5000"""


@dataclass(frozen=True, slots=True)
class LossyLink:
    """A machine, the metric that shows it, its usual most and its median now, and how many peers are as usual."""

    machine: str
    metric: str
    good: float
    bad: float
    peers: int
    serves: bool = False  # something that sends spans or lines is known to run on it


def lossy_links(case: Case) -> tuple[list[LossyLink], tuple[Table, ...]]:
    """One for each machine, by the metric that departs most; and the values that it was read from."""
    if not case.has(Signal.METRICS) or case.comparison is None:
        return [], ()
    read = case.query(LOSSES, loses=_LOSES)
    by_metric = defaultdict[str, list[dict[str, float]]](list)
    for row in read.dicts():
        if min(row["n"], row["m"]) >= LINK_VALUES:
            by_metric[row["metric"]].append(row)
    found: dict[str, LossyLink] = {}
    for metric, rows in sorted(by_metric.items()):
        worst = max(rows, key=lambda row: row["bad"])
        others = [row["bad"] for row in rows if row is not worst]
        usual = max([worst["good"], *others], default=0.0)
        if len(others) < LINK_PEERS or worst["bad"] < max(LINK_LEAST, LINK_TIMES * usual):
            continue
        one = LossyLink(str(worst["machine"]), metric, worst["good"], worst["bad"], len(others))
        if one.machine not in found or _departs(found[one.machine]) < _departs(one):
            found[one.machine] = one
    shown = tuple((r["metric"], r["machine"], r["good"], r["bad"]) for r in read.dicts()[:15])
    table = Table(
        "What networks of machines lose", ("metric", "machine", "good", "bad"), shown, read.provenance
    )
    if not found:
        return [], ()
    hosts = read_hosts(case)
    placed = [
        replace(one, serves=any(bare(name) != bare(one.machine) for name in hosts.services(one.machine)))
        for one in found.values()
    ]
    return placed, (table,)


def _departs(one: LossyLink) -> float:
    """How many times as much as its usual most it loses."""
    return one.bad / max(one.good, LINK_LEAST)
