"""Tickets: GitHub, GitLab, Jira and Linear. One is opened once; what it is called is kept on the record.

After docs.github.com (REST, version 2022-11-28), docs.gitlab.com (v4), developer.atlassian.com (REST, version 2, which
Jira Cloud and Data Center both have) and linear.app/developers (GraphQL). Tested against their documented interfaces.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from lastgood.config import Github, Gitlab, Jira, Linear
from lastgood.model.message import Occasion
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.kind import Kind
from lastgood.outside.sinks.wire import Answer, Call, Credential

TITLE, BODY = 250, 30_000  # characters
_CREATE = (
    "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { identifier url } } }"
)
_TEAM = "query($team: String!) { team(id: $team) { id name } }"


def body(outgoing: Outgoing) -> str:
    """A ticket in Markdown."""
    parts = [texts.markdown(outgoing.said)] if outgoing.said else []
    parts += ["\n".join(f"- **{label}:** {texts.markdown(value)}" for label, value in outgoing.fields)]
    parts += [f"[Incident]({outgoing.link})"] if outgoing.link else []
    return texts.cut("\n\n".join(part for part in parts if part), BODY)


def _github(settings: Github, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    issue = {
        "title": texts.line(outgoing.headline, TITLE),
        "body": body(outgoing),
        "labels": [*settings.labels],
    }
    url = f"{settings.url}/repos/{settings.repository}/issues"
    return (Call(url, issue, credential=_bearer(settings.token), headers=_GITHUB, again=False),)


_GITHUB = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


def _bearer(token: str) -> Credential:
    return Credential(token, scheme="Bearer")


def _gitlab(settings: Gitlab, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    issue = {
        "title": texts.line(outgoing.headline, TITLE),
        "description": body(outgoing),
        "labels": ",".join(settings.labels),
    }
    return (Call(f"{_project(settings)}/issues", issue, credential=_private(settings), again=False),)


def _project(settings: Gitlab) -> str:
    return f"{settings.url}/api/v4/projects/{quote(settings.project, safe='')}"


def _private(settings: Gitlab) -> Credential:
    return Credential(settings.token, header="PRIVATE-TOKEN")


def _jira(settings: Jira, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    lines = [texts.wiki(outgoing.said)] if outgoing.said else []
    lines += [f"* *{label}:* {texts.wiki(value)}" for label, value in outgoing.fields]
    lines += [f"[Incident|{outgoing.link}]"] if outgoing.link else []
    fields: dict[str, Any] = {
        "project": {"key": settings.project},
        "issuetype": {"name": settings.type},
        "summary": texts.line(outgoing.headline, TITLE),
        "description": texts.cut("\n".join(lines), BODY),
        "labels": [*settings.labels],
    }
    url = f"{settings.url.rstrip('/')}/rest/api/2/issue"
    return (Call(url, {"fields": fields}, credential=_of_jira(settings), again=False),)


def _of_jira(settings: Jira) -> Credential:
    return Credential(settings.token, scheme="" if settings.user else "Bearer", user=settings.user)


def _linear(settings: Linear, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    """The id is ours, so that one sent twice is one."""
    del earlier
    given = {
        "id": str(uuid5(NAMESPACE_URL, f"lastgood:{outgoing.key}")),
        "teamId": settings.team,
        "title": texts.line(outgoing.headline, TITLE),
        "description": body(outgoing),
    }
    return (_graphql(settings, _CREATE, {"input": given}, again=False),)


def _graphql(settings: Linear, query: str, variables: dict[str, Any], *, again: bool) -> Call:
    content = {"query": query, "variables": variables}
    return Call(f"{settings.url}/graphql", content, credential=Credential(settings.token), again=again)


def _linear_refused(answer: Answer) -> str:
    document = answer.json()
    errors = document.get("errors") if isinstance(document, dict) else [{}]
    if not errors:
        return ""
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    return "it refuses: " + texts.line(str(first.get("message") or "its answer is not that of Linear"), 120)


def _at(*path: str) -> Any:
    """What reads the address of a new ticket from an answer."""

    def refers(answers: Sequence[Answer], earlier: str) -> str:
        del earlier
        found = answers[0].json()
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, str) or not found:
            raise NotSentError("its answer does not say which ticket it opened")
        return texts.line(found, TITLE)

    return refers


_TICKETS = frozenset({Occasion.TICKET})
KINDS = (
    Kind(
        Github, _TICKETS, _github,
        lambda one: Call(f"{one.url}/repos/{one.repository}", method="GET", credential=_bearer(one.token), headers=_GITHUB),
        harmless=True, refers=_at("html_url"),
    ),
    Kind(
        Gitlab, _TICKETS, _gitlab,
        lambda one: Call(_project(one), method="GET", credential=_private(one)),
        harmless=True, refers=_at("web_url"),
    ),
    Kind(
        Jira, _TICKETS, _jira,
        lambda one: Call(f"{one.url.rstrip('/')}/rest/api/2/project/{one.project}", method="GET", credential=_of_jira(one)),
        harmless=True, refers=_at("key"),
    ),
    Kind(
        Linear, _TICKETS, _linear,
        lambda one: _graphql(one, _TEAM, {"team": one.team}, again=True),
        harmless=True, refused=_linear_refused, refers=_at("data", "issueCreate", "issue", "url"),
    ),
)  # fmt: skip
