"""The server: sockets, and everything asynchronous. What it does is in the workbench."""
