"""Customers who tell support of trouble far more often than before, though no signal shows it."""

from lastgood.algorithms.counts import rate_ratio
from lastgood.model.attributes import TICKET_ID
from lastgood.model.evidence import Table
from lastgood.model.figures import count, counted
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt

# fmt: off
TICKETS_LATEST = Time(30, "min up to the end of the data, in which support tickets are counted", "judgement: people write within the half hour")
TICKETS_FEWEST = Count(5, "support tickets in that time raise a doubt", "judgement: fewer are about anything")
TICKETS_TIMES = Amount(2.0, "times the rate before, at least, of support tickets", "judgement: days and weeks have their own rhythm")
TICKETS_LEVEL = Amount(0.99, "of the interval of their rate against that before", "judgement: a doubt needs less than an alarm")
# fmt: on

_TICKETS = f"""
SELECT attributes['{TICKET_ID}'] AS ticket, min(ts) AS at, any(body) AS subject FROM lg_lines
WHERE ticket != '' GROUP BY ticket ORDER BY at, ticket LIMIT 10000"""
_SHOWN = 5


def complaints(case: Case) -> Doubt | None:
    """That many more tickets than usual were opened at the end of the data; None when that is not so, or no earlier time is known."""
    if not case.has(Signal.LOGS):
        return None
    latest = Window(max(case.window.start, case.window.end - TICKETS_LATEST), case.window.end)
    rows = case.query(_TICKETS)
    found = rows.dicts()
    late = [row for row in found if row["at"] >= latest.start]
    earlier = (latest.start - case.window.start).total_seconds()
    if len(late) < TICKETS_FEWEST or earlier <= 0:
        return None
    low, _ = rate_ratio((len(late), latest.seconds), (len(found) - len(late), earlier), TICKETS_LEVEL)
    if low < TICKETS_TIMES:
        return None
    first = late[0]["at"]
    return Doubt(
        f"customers opened {counted(len(late), 'support ticket')} since {first:%H:%M:%S} UTC, {count(len(found) - len(late))} before, "
        "and the data do not show why",
        evidence=(
            Table(
                "Support tickets", ("at", "ticket", "subject"),
                tuple((str(row["at"]), row["ticket"], row["subject"][:120]) for row in late[:_SHOWN]), rows.provenance,
            ),
        ),
        limits=(Check("read the tickets: they say what fails and for whom"),),
    )  # fmt: skip
