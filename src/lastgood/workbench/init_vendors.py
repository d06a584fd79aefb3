"""Init, vendors: sources of systems that others run, by the variables that the vendors' own programs use. No secret is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Template


@dataclass(frozen=True, slots=True)
class Vendor:
    """A system: the variables that must all be set, and the settings, in which `${NAME}` is the value of one that is no secret."""

    kind: str
    title: str
    needs: tuple[str, ...]
    settings: Mapping[str, str]
    token: str = ""  # the variable that holds it
    headers: Mapping[str, str] = field(default_factory=dict)  # by the variables that hold them
    usual: Mapping[str, str] = field(default_factory=dict)  # values of variables that are not set


_AWS = ("AWS_REGION",)
VENDORS = (
    Vendor("sentry", "Sentry", ("SENTRY_AUTH_TOKEN", "SENTRY_ORG", "SENTRY_PROJECT"),
           {"url": "${SENTRY_URL}/api/0", "target": "${SENTRY_ORG}/${SENTRY_PROJECT}"}, "SENTRY_AUTH_TOKEN",
           usual={"SENTRY_URL": "https://sentry.io"}),
    Vendor("datadog", "Datadog", ("DD_API_KEY", "DD_APP_KEY"), {"url": "https://api.${DD_SITE}"},
           headers={"DD-API-KEY": "DD_API_KEY", "DD-APPLICATION-KEY": "DD_APP_KEY"}, usual={"DD_SITE": "datadoghq.com"}),
    Vendor("argocd", "Argo CD", ("ARGOCD_SERVER", "ARGOCD_AUTH_TOKEN"), {"url": "https://${ARGOCD_SERVER}"}, "ARGOCD_AUTH_TOKEN"),
    Vendor("launchdarkly", "LaunchDarkly", ("LAUNCHDARKLY_ACCESS_TOKEN",), {"url": "https://app.launchdarkly.com"},
           "LAUNCHDARKLY_ACCESS_TOKEN"),
    Vendor("pagerduty", "PagerDuty", ("PAGERDUTY_TOKEN",), {"url": "https://api.pagerduty.com"}, "PAGERDUTY_TOKEN"),
    Vendor("cloudwatch", "CloudWatch", _AWS, {"url": "https://monitoring.${AWS_REGION}.amazonaws.com"}),
    Vendor("cloudwatch-logs", "CloudWatch Logs", _AWS, {"url": "https://logs.${AWS_REGION}.amazonaws.com"}),
)  # fmt: skip


def vendors_of(environment: Mapping[str, str]) -> Iterator[tuple[Vendor, dict[str, str], dict[str, str]]]:
    """Those whose variables are set: with the settings of a source, and its headers."""
    for one in VENDORS:
        if all(environment.get(name) for name in one.needs):
            known = {**one.usual, **{name: value for name, value in environment.items() if value}}
            settings = {name: Template(text).safe_substitute(known) for name, text in one.settings.items()}
            token = {"token": f"${one.token}"} if one.token else {}
            yield (
                one,
                {"name": "prod", "kind": one.kind, **settings, **token},
                {header: f"${name}" for header, name in one.headers.items()},
            )
