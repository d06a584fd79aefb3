"""The shop's services, each a file that a team would copy. They are deployed from a git history of their own."""
