"""The parts of the PHP generator."""
