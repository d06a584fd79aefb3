"""The shop as processes that serve, break and are mended."""

SCRAPER = "scraper/2.1"  # the app of a program that reads everything
