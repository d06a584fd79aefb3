"""How people read a service that has no name: an empty one looks like a fault of the sentence."""


def service_named(service: str) -> str:
    """`payments`; `an unnamed service` of those whose telemetry names none."""
    return service or "an unnamed service"
