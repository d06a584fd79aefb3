"""The shop as processes that serve, break and are mended."""

WORDS = ("7", "12", "31", "58", "99")  # that users search for
SCRAPER = "scraper/2.1"  # the app of a program that reads everything
