"""Tables and lists that programs print at a terminal, again and again: what is in them, when, and what it is called."""
