"""The check of messages: sentences, classes of words, and what is wrong with what they say."""
