"""The decoder: blocks of lines in, batches of whole events, rejects and the account of the lines out."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.identity import workload_of
from lastgood.algorithms.timestamps import UNDECIDED, Reference
from lastgood.decoding.input import REJECT_TEXT, Batch, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import ORDER_UNKNOWN
from lastgood.decoding.text.bodies import Tail, with_details, with_ids, with_packets, with_tails
from lastgood.decoding.text.changed import changes_in
from lastgood.decoding.text.envelope import matched, unwrapped
from lastgood.decoding.text.events import column, empty_maps, entries, merged_maps, none, with_column
from lastgood.decoding.text.figures import with_figures
from lastgood.decoding.text.leveled import with_levels
from lastgood.decoding.text.lines import Block
from lastgood.decoding.text.plan import CONTINUATION, MOSTLY, Plan
from lastgood.decoding.text.structured import JSON_LINES
from lastgood.decoding.text.unitless import UnitlessDurations
from lastgood.decoding.text.untimed import with_untimed
from lastgood.decoding.text.whose import is_access_log, reference_for, whose
from lastgood.telemetry.tables import LOGS

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
# What a stack trace alone has on a line of its own.
_FRAME = r"^\s*(?:at (?:async )?[\w$.<>\[\]/@]+ ?\(|at (?:async )?\S+:\d+:\d+\s*$|\.\.\. \d+ (?:more|common)|Caused by: |File \"[^\"]+\", line \d+|from \S+:\d+:in )"
ANY_SERVER = "web"  # as the format of nginx's access logs calls it, which others write as well


def decoder_for(given: Input, plan: Plan, settings: Settings) -> "Decoder":
    """A decoder that knows what the input's name and the settings say."""
    return Decoder(plan, reference_for(given, settings), *owner(given, plan, settings))


def owner(given: Input, plan: Plan, settings: Settings) -> tuple[str, dict[str, str]]:
    """The service and the resource of what does not say its own, as the input's name and the settings say."""
    service, resource = whose(given.telling)
    if plan.says_whose:
        return settings.service, resource  # the few events that do not say it are not the file's either
    return service or settings.service or _server(plan, given), resource


def _server(plan: Plan, given: Input) -> str:
    """The kind of server that a file is from when nothing says whose it is: better than none."""
    inner: Plan | None = plan
    while inner is not None:
        if inner.formats[0].server:
            return _of_any(inner.formats[0].server, given)
        inner = inner.inner
    return _of_any(ANY_SERVER, given) if is_access_log(given.telling) else ""


def _of_any(server: str, given: Input) -> str:
    """The server itself, where it is any that writes such access logs and the log of one lies beside."""
    return given.server or server if server == ANY_SERVER else server


class Decoder:
    """Blocks of lines into batches of events; keeps the last event, which the next lines may continue."""

    def __init__(self, plan: Plan, reference: Reference, service: str, resource: dict[str, str]) -> None:
        self._plan = plan
        self._reference = reference
        self._no_time = ORDER_UNKNOWN if reference.order == UNDECIDED else "no time that can be read"
        self._service = service
        self._resource = resource
        self._multiline = any(f.multiline for f in plan.formats)
        self._last = none()
        self._unitless = UnitlessDurations()
        self._lines: Rows = np.empty(0, np.int64)  # on which the events in hand begin
        self.lines: Rows = self._lines  # the same of the batch that was given out last, from 0
        self._tails: dict[int, Tail] = {}  # by row of the events in hand, of which the last one is row 0

    def read(self, block: Block) -> Decoded:
        """The events that are complete with this block."""
        begins, table = matched(block.lines, self._plan, self._reference)
        begins, table = with_untimed(block.lines, begins, table, self._plan, self._last)
        table, held = unwrapped(table, self._plan, self._reference)
        inside = self._continues_inside(table, held) | self._joined(table)
        owners = len(self._last) - 1 + np.concatenate([[0], np.cumsum(~inside)])  # by row + 1
        owner_of_line = owners[np.cumsum(begins)]
        starts = np.flatnonzero(begins)

        blanks, tails, rejects = self._other_lines(block, begins, owner_of_line)
        bodies = column(table, "Body")
        texts = [(int(starts[row]), bodies[row].as_py().encode()) for row in np.flatnonzero(inside)]
        texts += [(start, block.text(start, end)) for start, end in tails]
        for line, text in sorted(texts):
            self._tails.setdefault(int(owner_of_line[line]), Tail()).add(text)

        timeless = pc.is_null(column(table, "Timestamp")).to_numpy(zero_copy_only=False) & ~inside
        rejects += [_reject(block, int(starts[row]), self._no_time) for row in np.flatnonzero(timeless)]
        yield from rejects
        yield Tally(
            lines=len(block),
            events=len(table) - int(inside.sum()) - int(timeless.sum()),
            continuations=len(block)
            - len(table)
            + int(inside.sum())
            - blanks
            - (len(rejects) - int(timeless.sum())),
            blanks=blanks,
        )
        self._last = pa.concat_tables(
            [self._last, table.filter(pa.array(~inside)) if inside.any() else table]
        )
        self._lines = np.concatenate([self._lines, starts[~inside] + (block.first - 1)])
        yield from self._complete(len(self._last) - 1)

    def end(self) -> Decoded:
        """The last event."""
        yield from self._complete(len(self._last))

    def _other_lines(
        self, block: Block, begins: Mask, owners: npt.NDArray[np.int64]
    ) -> tuple[int, list[tuple[int, int]], list[Reject]]:
        """Of the lines that begin no event: how many are blank, the runs that continue one, the rejects."""
        others = np.flatnonzero(~begins)
        if not len(others):
            return 0, [], []
        lines = block.lines.take(pa.array(others))
        blank = pc.match_substring_regex(lines, r"^\s*$").to_numpy(zero_copy_only=False)
        if (owners[others] < 0).any():
            rules = pc.match_substring_regex(lines, r"^[-=*#_~+]{3,}\s*$").to_numpy(zero_copy_only=False)
            blank = blank | (rules & (owners[others] < 0))
        reasons = np.full(len(others), "", object)
        if not self._multiline:
            reasons[:] = f"it is not in the format {self._plan.formats[0].name}"
        if self._plan.formats[0] is JSON_LINES:
            broken = pc.match_substring_regex(lines, r"^\s*\{.*\S").to_numpy(zero_copy_only=False)
            reasons[broken] = "not a JSON object"
        reasons[(owners[others] < 0) & (reasons == "")] = (
            "no time, and no event before it that it could continue"
        )
        bad = (reasons != "") & ~blank
        rejects = [_reject(block, int(others[i]), str(reasons[i])) for i in np.flatnonzero(bad)]
        tails = others[~bad & ~blank]
        return int(blank.sum()), list(_runs(tails, owners)), rejects

    def _continues_inside(self, table: pa.Table, held: Mask) -> Mask:
        """The events that a container runtime made of the further lines of one event."""
        inside = np.zeros(len(table), np.bool_)
        if not self._plan.formats[0].envelope or not len(table):
            return inside
        frames = self._frames(table)
        if self._plan.formats[0].timeless:
            return self._without_time(table) | frames
        rows, keys, _ = entries(column(table, "LogAttributes"))
        streamed = pc.equal(keys, "log.iostream").to_numpy(zero_copy_only=False)
        if not streamed.any():
            return frames
        inside[rows[streamed]] = True
        inner = self._plan.inner
        if inner is None or inner.share < MOSTLY:
            looks = pc.match_substring_regex(column(table, "Body"), CONTINUATION)
            inside &= looks.to_numpy(zero_copy_only=False)
        inside &= ~held
        if not len(self._last):
            inside[0] = False
        return inside

    def _frames(self, table: pa.Table) -> Mask:
        """The frames of stack traces, to each of which the messenger put a name and a time, behind lines of the same source."""
        looks = pc.match_substring_regex(column(table, "Body"), _FRAME).to_numpy(zero_copy_only=False)
        if not looks.any():
            return np.zeros(len(table), np.bool_)
        both = pa.concat_tables([self._last.slice(max(0, len(self._last) - 1)), table])
        same = np.ones(len(both), np.bool_)
        same[0] = False
        for values in (column(both, "ServiceName").to_numpy(zero_copy_only=False), *_sources(both)):
            same[1:] &= values[1:] == values[:-1]
        return looks & same[len(both) - len(table) :]  # type: ignore[no-any-return]

    def _joined(self, table: pa.Table) -> Mask:
        """The events that go on with the one before: at the same time, and of one process or number."""
        keys = [found.joins for found in self._plan.formats if found.joins]
        if not keys or not len(table):
            return np.zeros(len(table), np.bool_)
        both = pa.concat_tables([self._last, table])
        rows, names, values = entries(column(both, "LogAttributes"))
        mine = pc.is_in(names, pa.array(keys)).to_numpy(zero_copy_only=False)
        of = np.full(len(both), "", object)
        of[rows[mine]] = values.filter(pa.array(mine)).to_pylist()
        times = column(both, "Timestamp").cast(pa.int64()).fill_null(0).to_numpy()
        same = np.zeros(len(both), np.bool_)
        same[1:] = (of[1:] != "") & (of[1:] == of[:-1]) & (times[1:] == times[:-1])
        return same[len(self._last) :]

    def _without_time(self, table: pa.Table) -> Mask:
        """The lines behind a name that have no time: they continue what is before them."""
        inside = pc.is_null(column(table, "Timestamp")).to_numpy(zero_copy_only=False).copy()
        if not len(self._last) and inside.any():
            inside[: int(np.argmin(inside)) if not inside.all() else len(inside)] = False
        return inside  # type: ignore[no-any-return]

    def _complete(self, count: int) -> Decoded:
        """The first `count` events in hand as a batch; what is left stays in hand."""
        if count <= 0:
            return
        table, self.lines = self._last.slice(0, count).combine_chunks(), self._lines[:count]
        self._last, self._lines = self._last.slice(count).combine_chunks(), self._lines[count:]
        table = with_tails(table, {row: tail for row, tail in self._tails.items() if row < count})
        self._tails = {row - count: tail for row, tail in self._tails.items() if row >= count}
        timed = pc.is_valid(column(table, "Timestamp"))
        if not pc.all(timed).as_py():
            table = table.filter(timed).combine_chunks()
            self.lines = self.lines[timed.to_numpy(zero_copy_only=False)]
        table = with_levels(table, self._plan)
        for found in self._plan.formats:
            table = with_details(table, found)
        if len(table):
            reported = with_figures(table) if self._plan.figures else table
            owned = self._owned(with_ids(with_packets(self._unitless.read(reported))))
            yield Batch(LOGS, owned)
            yield from changes_in(owned, self._plan)

    def _owned(self, table: pa.Table) -> pa.Table:
        """The events with the service and the resource that their pod, then the file's name says, where nothing else does."""
        return with_owners(_of_pods(table), self._service, [self._resource] * len(table))


def with_owners(
    table: pa.Table, services: pa.Array | str, resources: Sequence[Mapping[str, str]]
) -> pa.Table:
    """The events, those that do not say whose they are with a service and a resource."""
    mine = column(table, "ServiceName")
    table = with_column(table, "ServiceName", pc.if_else(pc.equal(mine, ""), services, mine))
    if not any(resources):
        return table
    extra = pa.array([list(resource.items()) for resource in resources], empty_maps(0).type)
    return with_column(table, "ResourceAttributes", merged_maps(column(table, "ResourceAttributes"), extra))


def _of_pods(table: pa.Table) -> pa.Table:
    """The events without a service with that of the pod that they come from."""
    mine = column(table, "ServiceName")
    rows, keys, values = entries(column(table, "ResourceAttributes"))
    of_pod = pc.equal(keys, "k8s.pod.name").to_numpy(zero_copy_only=False)
    if not of_pod.any() or not pc.any(pc.equal(mine, "")).as_py():
        return table
    pods = np.full(len(table), "", object)
    pods[rows[of_pod]] = [workload_of(pod) for pod in values.filter(pa.array(of_pod)).to_pylist()]
    owners = pa.array(pods, pa.string())
    return with_column(table, "ServiceName", pc.if_else(pc.equal(mine, ""), owners, mine))


def _sources(table: pa.Table) -> Iterator[npt.NDArray[np.object_]]:
    """The pods, instances and machines that events are from, one array each."""
    rows, keys, values = entries(column(table, "ResourceAttributes"))
    for key in ("k8s.pod.name", "service.instance.id", "host.name"):
        mine = pc.equal(keys, key).to_numpy(zero_copy_only=False)
        found = np.full(len(table), "", object)
        found[rows[mine]] = values.filter(pa.array(mine)).to_pylist()
        yield found


def _runs(lines: npt.NDArray[np.int64], owners: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Stretches of neighbouring lines with one owner, as start and end."""
    if not len(lines):
        return
    breaks = np.flatnonzero((np.diff(lines) != 1) | (np.diff(owners[lines]) != 0)) + 1
    for run in np.split(lines, breaks):
        yield int(run[0]), int(run[-1]) + 1


def _reject(block: Block, line: int, reason: str) -> Reject:
    text = block.text(line, line + 1)[:REJECT_TEXT].decode("utf-8", "ignore")
    return Reject(block.first + line, reason, text)
