"""Every kind of sink by its section of the settings. A new kind is a `Kind` in a module of this folder, and its section."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lastgood.outside.sinks.kind import Kind


@cache
def kinds() -> dict[type, Kind]:
    """The kinds that are reached by HTTP."""
    package = "lastgood.outside.sinks"
    names = [m.name for m in iter_modules(import_module(package).__path__) if not m.name.startswith("_")]
    modules = [import_module(f"{package}.{name}") for name in names]
    return {one.settings: one for module in modules for one in getattr(module, "KINDS", ())}
