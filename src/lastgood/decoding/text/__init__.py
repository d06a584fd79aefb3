"""Lines of text and structured lines."""
