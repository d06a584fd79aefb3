"""What a sink raises."""


class NotSentError(Exception):
    """A message did not arrive; says why, never where to nor with what secret."""


class UnsureError(NotSentError):
    """It is not known whether a message arrived, and one more of it would be a second one."""
