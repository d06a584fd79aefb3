"""Pages: templates filled in; every value is escaped, and nothing in it can be script or style."""

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lastgood.model import figures
from lastgood.model.access import Role
from lastgood.surfaces import wording
from lastgood.surfaces.server.base_path import rebased
from lastgood.surfaces.server.desk import Desk, caller_of

LONGEST_SHOWN = 2_000  # characters of a value: whoever writes a log line could fill a page with it
HEADINGS = {400: "Not understood", 404: "Nothing there", 409: "Changed by others", 500: "A fault of Lastgood"}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}


def page(request: Request, desk: Desk, template: str, status: int = 200, **values: Any) -> Response:
    """A page of a template, with who reads it and the time; what is given goes before these."""
    return HTMLResponse(filled(request, desk, template, **values), status)


def filled(request: Request, desk: Desk, template: str, **values: Any) -> str:
    """The text of a template, or of a part of a page."""
    caller, now = caller_of(request), desk.service.clock()
    text = (
        environment()
        .get_template(template)
        .render(
            {
                "reader": caller,
                "acts": caller.may(Role.RESPONDER),
                "now": now,
                "clock": f"{now:%H:%M:%S}",
                "stamp": figures.stamp(now),
                "base": desk.base,
                "drill": desk.playing is not None,
                **values,
            }
        )
    )
    return rebased(text.translate(wording.UNSEEN), desk.base)


def failed(request: Request, desk: Desk, status: int, words: tuple[str, str]) -> Response:
    """The page of an error: what went wrong, what to do, and the way back within this server."""
    back = request.headers.get("referer", "/")
    own = urlsplit(back).netloc in {"", request.headers.get("host", "")}
    heading = HEADINGS.get(status, "Not possible now")
    message, hint = words
    back = back if own else "/"
    return page(request, desk, "failed.html", status, heading=heading, message=message, hint=hint, back=back)


@cache
def environment() -> Environment:
    """The templates."""
    folder = files("lastgood.surfaces.web").joinpath("templates")
    texts = {one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".html")}
    made = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["count"] = figures.count
    made.filters["duration"] = figures.duration
    made.filters["shortened"] = shortened
    made.filters["breakable"] = breakable
    made.filters["svg"] = Markup  # drawn by us; texts in it are escaped by the drawing
    return made


def shortened(value: object, most: int = LONGEST_SHOWN) -> str:
    """A value as text, cut where it is longer than a page shows; says how much is missing."""
    text = str(value)
    return text if len(text) <= most else f"{text[:most]} … {figures.count(len(text) - most)} more characters"


def breakable(value: object) -> Markup:
    """A value that may go on in the next line after each `=`: settings are longer than a phone is wide."""
    return Markup("=<wbr>").join(str(value).split("="))


async def asset(request: Request, _desk: Desk) -> Response:
    """A style sheet, script or picture; only those that are in the folder, by their names."""
    found = assets().get(request.path_params["name"])
    if found is None:
        return Response("there is no such file\n", 404, media_type="text/plain")
    kind, content = found
    return Response(content, media_type=kind, headers={"cache-control": "public, max-age=300"})


@cache
def assets() -> dict[str, tuple[str, bytes]]:
    """Kind and content by name."""
    folder = files("lastgood.surfaces.web").joinpath("static")
    return {
        one.name: (KINDS[suffix], one.read_bytes())
        for one in folder.iterdir()
        if (suffix := f".{one.name.rpartition('.')[2]}") in KINDS
    }
