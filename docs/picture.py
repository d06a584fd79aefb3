"""The picture of a terminal in the README: `make picture` triages the demo's files and writes docs/demo.svg.

The picture holds no link to anything outside itself: fonts are whatever the reader has.
"""

import os
import subprocess
import sys
from pathlib import Path

from examples.shop.demo import command
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

PICTURE = Path(__file__).parent / "demo.svg"
WIDTH = 112
SVG = """<svg xmlns="http://www.w3.org/2000/svg" class="rich-terminal" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture(words: list[str]) -> str:
    """What a command prints to a terminal, as SVG."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    run = [sys.executable, "-m", *words]
    said = subprocess.run(
        run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, check=False
    )
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere)
        console.print(Text(f"$ {' '.join(words)}", style="bold"))
        console.print(Text.from_ansi(said.stdout.decode()))
        return console.export_svg(title="", theme=MONOKAI, code_format=SVG, unique_id="demo")


if __name__ == "__main__":
    PICTURE.write_text(picture(command()))
