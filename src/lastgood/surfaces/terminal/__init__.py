"""What draws the terminal: the card as text, its brief form, and the pager."""
