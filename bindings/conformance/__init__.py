"""Asks the library the same questions through every language, and compares what they say."""
