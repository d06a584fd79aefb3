"""The demo: the shop that breaks on purpose, as a program of its own beside this package.

This package does not import the shop: it starts it. In a wheel it is shipped under `lastgood/shop`, with the kit that
its services use; in a checkout both are where they are edited.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from lastgood.errors import CannotRunError

PACKAGE = Path(__file__).parents[1]
SHIPPED = PACKAGE / "shop"
MODULE = "examples.shop.live"


@dataclass(frozen=True, slots=True)
class Program:
    """A command with its environment."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


def demo(*words: str, shipped: Path = SHIPPED) -> Program:
    """How the shop is started with these words.

    Raises:
        CannotRunError: the shop is not there, or git is not.
    """
    checkout = PACKAGE.parents[1]
    roots = [shipped] if shipped.is_dir() else [checkout, checkout / "kit" / "src"]
    if not (roots[0] / MODULE.replace(".", os.sep)).is_dir():
        raise CannotRunError(
            "The shop of the demo is not installed with this package.",
            hint="Install the wheel, or run it in a checkout.",
        )
    if which("git") is None:
        raise CannotRunError("The demo needs git: its shop is deployed from a history.", hint="Install git.")
    paths = [*map(str, roots), *filter(None, [os.environ.get("PYTHONPATH")])]
    # -P and PYTHONSAFEPATH: nothing of the working directory is imported.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1"}
    return Program((sys.executable, "-P", "-m", MODULE, *words), environment)
