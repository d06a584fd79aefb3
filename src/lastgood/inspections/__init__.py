"""The questions: one file each, in the words of the person on call. The listing is the method."""
