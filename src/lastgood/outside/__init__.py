"""What is asked of the running system, read-only and within limits: its addresses and its databases."""
