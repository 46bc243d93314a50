"""Writes the typed parts of every binding from bindings/operations.json."""
