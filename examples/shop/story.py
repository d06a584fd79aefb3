"""The shop's incident and the hour after it, as files as they are at any time: `python -m examples.shop.story FOLDER TIME`.

At 15:21:30 a person turns the cards of that issuer over to the other provider's flow, and the refusals stop.
"""

import argparse
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from examples.shop.demo import INCIDENT
from examples.shop.files import write
from scenario_language.grammar import parse
from scenario_language.world import World, make

END = "16:40"
BROKEN = "errors=97% where card.issuer=ANZ payment.provider=stripe at 14:45:20"
MENDED = f"{BROKEN} then errors=0.2% at 15:21:30"


def story(scratch: Path) -> World:
    """The world of the demo's scenario with another end."""
    reported = (
        INCIDENT.read_text("utf-8").replace("14:00 .. 15:16", f"14:00 .. {END}").replace(BROKEN, MENDED)
    )
    path = scratch / "story.txt"
    path.write_text(reported, "utf-8")
    return make(parse(path))


def write_until(world: World, end: datetime, folder: Path) -> None:
    """The files as they are at a time."""
    shutil.rmtree(folder, ignore_errors=True)
    so_far = {
        table: [row for row in rows if row["TimeUnix" if "TimeUnix" in row else "Timestamp"] < end]
        for table, rows in world.items()
    }
    write(so_far, folder)


def main() -> None:
    """Write the files as of a time of that day, UTC."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("time", help="such as 2026-11-20T15:16Z", type=datetime.fromisoformat)
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        write_until(story(Path(scratch)), given.time, given.folder)


if __name__ == "__main__":
    main()
