"""The routes of the pages."""

from lastgood.surfaces.server.desk import Route

ROUTES: tuple[Route, ...] = ()
