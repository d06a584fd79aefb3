"""Lastgood: the last good, the first bad, and what lies between, from a system's own telemetry."""

__version__ = "0.1.0"
