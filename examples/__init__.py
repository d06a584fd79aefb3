"""Examples: not part of the program, but shipped beside it."""
