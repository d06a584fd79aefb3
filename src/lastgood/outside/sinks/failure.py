"""What a sink raises."""


class NotSentError(Exception):
    """A message did not arrive; says why, never where to nor with what secret."""
