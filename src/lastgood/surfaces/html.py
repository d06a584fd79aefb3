"""Documents as one HTML file each that needs nothing else: no script, no font, no address outside itself."""

from importlib.resources import files
from typing import Any

from lastgood.model import figures
from lastgood.model.evidence import Series
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces import wording
from lastgood.surfaces.card import Card, card_of
from lastgood.surfaces.charts import charts_of
from lastgood.surfaces.findings import evidence_rows, evidence_title


def page(template: str, **values: Any) -> str:
    """A page of a template; every value in it is escaped, but the drawings that are ours."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only where a page is made
    from markupsafe import Markup  # noqa: PLC0415

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["svg"] = Markup  # drawn by us; texts in it are escaped by the drawing
    folder = files("lastgood.surfaces").joinpath("templates")
    source = environment.from_string(folder.joinpath(template).read_text("utf-8"))
    style = Markup(folder.joinpath("style.css").read_text("utf-8"))  # noqa: S704 - ours
    return source.render(style=style, **values).translate(wording.UNSEEN)


def sitrep_html(sitrep: Sitrep, pulse: tuple[Series, ...] = (), card: Card | None = None) -> str:
    """The page: the card, charts of the pulse and the evidence, and every question with its queries."""
    return page(
        "sitrep.html",
        rows_of=evidence_rows,
        title_of=evidence_title,
        duration=figures.duration,
        card=card or card_of(sitrep),
        charts=charts_of(sitrep, pulse),
        findings=sitrep.findings,
        asked_at=figures.stamp(sitrep.asked_at),
    )
