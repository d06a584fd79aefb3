"""How people read a service that has no name: an empty one looks like a fault of the sentence."""


def service_named(service: str) -> str:
    """`payments`; `an unnamed service` of those whose telemetry names none."""
    return service or "an unnamed service"


def part_named(service: str, instance: str | None, component: str | None) -> str:
    """`payments/api.stripe.com`; a component of several words stands apart: `web, its calls to …`."""
    who = instance or service_named(service)
    if not component or component == service:
        return who
    return f"{who}, {component}" if " " in component else f"{who}/{component}"
