"""`python -m lastgood_kit report deploy --service payments --version v2.46.0`: put a change on the feed.

The server is LASTGOOD_URL, its key LASTGOOD_KEY; --file appends to a file instead. Exit status 0 also when the report
could not be delivered, because it must not stop a deploy; 1 with --strict.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from lastgood_kit.changes import KINDS, Change, Reporter, who
from lastgood_kit.clock import Clock, now


def arguments() -> argparse.ArgumentParser:
    """What may be given."""
    parser = argparse.ArgumentParser(
        prog="python -m lastgood_kit", description=(__doc__ or "").split("\n")[0]
    )
    report = parser.add_subparsers(required=True).add_parser("report", help="put a change on the feed")
    report.add_argument("kind", choices=KINDS)
    for name in ("service", "version", "previous-version", "title", "actor", "state", "url", "id"):
        report.add_argument(f"--{name}", default="")
    report.add_argument("--time", type=datetime.fromisoformat, help="when, with zone; default: now")
    report.add_argument("--until", type=datetime.fromisoformat, help="when it ended")
    report.add_argument("--file", type=Path, help="append to this file of JSON lines")
    report.add_argument("--strict", action="store_true", help="exit 1 when it could not be delivered")
    return parser


def main(words: list[str] | None = None, *, clock: Clock = now) -> int:
    """Report one change."""
    given = vars(arguments().parse_args(words))
    strict, file = given.pop("strict"), given.pop("file")
    given["time"] = given["time"] or clock()
    given["actor"] = given["actor"] or who()
    reporter = Reporter.from_environment()
    delivered = Reporter(reporter.url, reporter.key, file).report(Change(**given))
    if not delivered:
        sys.stderr.write("The change was not reported. Set LASTGOOD_URL, or pass --file.\n")
    return int(strict and not delivered)


if __name__ == "__main__":
    sys.exit(main())
