"""Whether public samples of logs are read as a person reads them: format, time, level, service of what `public_samples.toml` labels.

`python -m bench.public_samples FOLDER [--half odd|even|further] [--show]` prints the shares, and with `--show` what differs. FOLDER/REPOSITORY/PATH is each file, at the
commit that the label names. None of them is part of this repository. Only the odd half and further samples are looked at when reading is mended; the even half tells
how it does on what was not looked at.
"""

import argparse
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.figures import Figure
from bench.intake_cases import LEVELS

from lastgood.decoding.input import Batch, Input, Reject, Settings
from lastgood.intake._registry import best_claim

NEEDS = "public-samples"
LABELS = Path(__file__).with_suffix(".toml")
WANTED = 0.95  # of those with a time at all
_SETTINGS = Settings(datetime(2026, 11, 22, 15, tzinfo=UTC), ZoneInfo("UTC"))
_CLOSE = 0.002  # seconds: a label may be cut after milliseconds
# Which of our formats belong to a family; a family that is not here is the same word in our format's name.
_FAMILIES = {
    "table": r"column|table|Fields|W3C|IIS|Zeek",
    "json": r"JSON",
    "klog": r"klog|glog",
    "access": r"access",
    "alb": r"AWS load balancer",
    "elb": r"AWS classic load balancer",
    "s3": r"S3",
    "mssql": r"SQL Server",
    "ruby": r"Ruby",
    "cassandra": r"level, thread, time",
    "terminal": r"terminal",
    "apache-error": r"Apache error",
    "nginx-error": r"nginx error",
    "mongodb": r"MongoDB",
}

Row = Mapping[str, Any]


def run(data: Path, _scratch: Path) -> Iterator[Figure]:
    """The shares over all samples, and over the half that was not looked at."""
    found = [(label, judged(label, data)) for label in labels()]
    further = [(label, judged(label, data)) for label in labels("further")]
    for part, chosen in (("", found), (" of the even half", found[1::2]), (" of further ones", further)):
        counts = counted(chosen)
        for what in ("format", "time", "level", "service"):
            share, total = counts[what] / max(1, counts[f"{what}s"]), counts[f"{what}s"]
            yield Figure(f"{what} right{part}", round(share, 3), f"of {total}", WANTED, "more")
        yield Figure(f"wrong times{part}", counts["wrong"], "", 0)


def labels(which: str = "samples") -> list[Row]:
    """The samples, or the `further` ones, as labelled."""
    return list(tomllib.loads(LABELS.read_text())[which])


def judged(label: Row, data: Path) -> dict[str, str]:
    """What is right ("") or what differs, for each thing that the label says; `wrong` when a time is not the one that stands there."""
    rows, form, rejects = read(label, data)
    found = {"format": _of_format(label, form)}
    if "first" in label:
        found["time"] = _of_times(label, rows)
        found["wrong"] = found["time"] if rows and not rejects else ""
    if "level" in label and label["format"] != ["none"]:
        level = LEVELS[(int(rows[0].get("SeverityNumber") or 0) + 3) // 4] if rows else "no event"
        found["level"] = "" if level in label["level"] else f"{level!r}, not {label['level']}"
    if "service" in label and label["format"] != ["none"]:
        found["service"] = _of_service(label, rows)
    return found


def read(label: Row, data: Path) -> tuple[list[Row], str, int]:
    """The rows of a sample, the format that it is read as, and how many lines are rejected."""
    file = data / label["repository"] / label["path"]
    content = b"".join(file.read_bytes().splitlines(keepends=True)[: label["lines"]])
    name = Path(label["path"].split("#")[0]).name
    given = Input(None, name if "#" not in label["path"] else f"{name}.log", content)
    chosen = best_claim(given)
    rows: list[Row] = []
    rejects = 0
    for item in chosen[0].decode(given, chosen[1], _SETTINGS) if chosen else ():
        if isinstance(item, Batch):
            rows += item.rows.to_pylist()
        rejects += isinstance(item, Reject)
    return rows, chosen[1].format if chosen else "", rejects


def _of_format(label: Row, form: str) -> str:
    for family in label["format"]:
        if family == "none" and not form:
            return ""
        if family == "text" and form:
            return ""
        if re.search(_FAMILIES.get(family, family), form, re.IGNORECASE):
            return ""
    return f"{form!r}, not {label['format']}"


def _of_times(label: Row, rows: Sequence[Row]) -> str:
    if not rows:
        return "no event"
    for which, row in (("first", rows[0]), ("last", rows[-1])):
        own = row.get("Timestamp", row.get("TimeUnix"))
        if own is None or not _same(
            label[which], own.to_pydatetime(warn=False) if hasattr(own, "to_pydatetime") else own
        ):
            return f"{which} is {own}, not {label[which]}"
    return ""


def _same(said: str, own: datetime) -> bool:
    own = own.astimezone(UTC)
    if said.startswith("T"):
        said = f"{own:%Y-%m-%d}{said}"
    elif re.match(r"\d\d-\d\dT", said):
        said = f"{own:%Y}-{said}"
    wanted = datetime.fromisoformat(said)
    return abs((own - (wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC))).total_seconds()) <= _CLOSE


def _of_service(label: Row, rows: Sequence[Row]) -> str:
    own = {str(row.get("ServiceName", row.get("Service", ""))) for row in rows} - {""}
    said = {name for name in label["service"] if not name.endswith("?")}
    may = {name.removesuffix("?") for name in label["service"]}
    path = label["path"].lower()
    extra = {name for name in own - may if len(name) < 3 or name.lower() not in path}
    return "" if said <= own and not extra else f"{sorted(own)}, not {label['service']}"


def counted(found: Sequence[tuple[Row, Mapping[str, str]]]) -> Counter[str]:
    """How many are right of how many that say it: `time` and `times`; `wrong` counts wrong times."""
    counts: Counter[str] = Counter()
    for label, results in found:
        for what, differs in results.items():
            if what == "wrong":
                counts["wrong"] += bool(differs)
            elif "first" in label or what == "format":
                counts[what] += not differs
                counts[f"{what}s"] += 1
    return counts


def main() -> None:
    """Print the shares."""
    wanted = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    wanted.add_argument("data", type=Path)
    wanted.add_argument("--half", choices=("odd", "even", "further"))
    wanted.add_argument("--show", action="store_true")
    given = wanted.parse_args()
    halves = {None: labels(), "odd": labels()[::2], "even": labels()[1::2], "further": labels("further")}
    chosen = halves[given.half]
    found = [(label, judged(label, given.data)) for label in chosen]
    if given.show:
        for label, results in found:
            for what in (what for what, differs in results.items() if differs and what != "wrong"):
                mark = " (wrong)" if what == "time" and results["wrong"] else ""
                print(f"{label['path']}: {what} {results[what]}{mark}", file=sys.stderr)
    counts = counted(found)
    for what in ("format", "time", "level", "service"):
        print(
            f"{what}: {counts[what]} of {counts[what + 's']}, {counts[what] / max(1, counts[what + 's']):.3f}"
        )
    print(f"wrong times: {counts['wrong']}")


if __name__ == "__main__":
    main()
