"""Pages: rendered by the server, live by server-sent events, readable without JavaScript."""
