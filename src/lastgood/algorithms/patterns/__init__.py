"""Log patterns: text to tokens, tokens to keys, keys merged to patterns, patterns shown as templates.

One configuration serves every system. Work is done on distinct texts (a store reduces millions of lines
to some thousands of shapes first), and everything is bounded: characters a text, tokens a key.
"""
