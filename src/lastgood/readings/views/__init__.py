"""Views: what a person looks at rather than what a question asks. Lines, one request, changes, the pulse, a snapshot."""
