"""Status pages: Statuspage and Instatus. The first update opens an incident there, later ones are its updates.

After developer.statuspage.io (v1) and instatus.com/help/api. Tested against their documented interfaces.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from lastgood.config import Instatus, Statuspage
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Occasion, UpdateStatus
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.kind import Kind
from lastgood.outside.sinks.wire import Answer, Call, Credential

NAME, BODY = 200, 4000  # characters
# How a component is, by the severity; as both pages call it. Without a severity the least is said.
_STATES: Mapping[SeverityLevel | None, str] = {
    SeverityLevel.SEV1: "major outage",
    SeverityLevel.SEV2: "partial outage",
    SeverityLevel.SEV3: "degraded performance",
    SeverityLevel.SEV4: "degraded performance",
    None: "degraded performance",
}


def state_of(outgoing: Outgoing) -> str:
    """How the components are while an update of this status stands."""
    return "operational" if outgoing.status is UpdateStatus.RESOLVED else _STATES[outgoing.severity]


def message(outgoing: Outgoing) -> str:
    """The update as one text."""
    lines = [outgoing.said] if outgoing.said else []
    lines += [f"{label}: {value}" for label, value in outgoing.fields]
    return texts.cut(texts.seen("\n".join(lines)) or outgoing.title, BODY)


def _statuspage(settings: Statuspage, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    incident: dict[str, Any] = {
        "status": (outgoing.status or UpdateStatus.INVESTIGATING).value,
        "body": texts.slack(message(outgoing), BODY),  # HTML has an effect there: the same three letters
    }
    if settings.components:
        state = state_of(outgoing).replace(" ", "_")
        incident |= {
            "components": dict.fromkeys(settings.components, state),
            "component_ids": list(settings.components),
        }
    if not earlier:
        incident = {"name": texts.line(outgoing.title, NAME), **incident}
    incidents = f"{settings.url}/pages/{settings.page}/incidents"
    token = Credential(settings.token, scheme="OAuth")
    if earlier:
        return (
            Call(
                f"{incidents}/{quote(earlier, safe='')}", {"incident": incident}, "PATCH", token, again=False
            ),
        )
    return (Call(incidents, {"incident": incident}, credential=token, again=False),)


def _instatus(settings: Instatus, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    state = state_of(outgoing).replace(" ", "").upper()
    update: dict[str, Any] = {
        "message": texts.markdown(message(outgoing)),
        "components": list(settings.components),
        "started": f"{outgoing.at:%Y-%m-%d %H:%M:%S}.000",
        "status": (outgoing.status or UpdateStatus.INVESTIGATING).value.upper(),
        "notify": True,
        "statuses": [{"id": one, "status": state} for one in settings.components],
    }
    incidents = f"{settings.url}/v1/{settings.page}/incidents"
    token = Credential(settings.token, scheme="Bearer")
    if earlier:
        return (
            Call(
                f"{incidents}/{quote(earlier, safe='')}/incident-updates",
                update,
                credential=token,
                again=False,
            ),
        )
    named = {"name": texts.line(outgoing.title, NAME), **update}
    return (Call(incidents, named, credential=token, again=False),)


def _refers(answers: Sequence[Answer], earlier: str) -> str:
    document = answers[0].json()
    found = document.get("id") if isinstance(document, dict) else None
    if not earlier and not (isinstance(found, str) and found.isalnum()):
        raise NotSentError("its answer has no id, so that a later update would open a second incident")
    return earlier or str(found)


def _page(settings: Statuspage) -> Call:
    token = Credential(settings.token, scheme="OAuth")
    return Call(f"{settings.url}/pages/{settings.page}", method="GET", credential=token)


def _incidents(settings: Instatus) -> Call:
    token = Credential(settings.token, scheme="Bearer")
    return Call(f"{settings.url}/v1/{settings.page}/incidents", method="GET", credential=token)


_UPDATES = frozenset({Occasion.UPDATE})
KINDS = (
    Kind(Statuspage, _UPDATES, _statuspage, _page, harmless=True, refers=_refers),
    Kind(Instatus, _UPDATES, _instatus, _incidents, harmless=True, refers=_refers),
)
