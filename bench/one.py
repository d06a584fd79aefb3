"""`python -m bench.one NAME DATA`: the figures of one bench, measured in this process, as JSON."""

import json
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path


def main(name: str, data: str) -> None:
    """Print them, last and on one line."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as scratch:
        figures = list(import_module(f"bench.{name}").run(Path(data), Path(scratch)))
    print(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main(*sys.argv[1:])
