"""The parts of the Kotlin generator."""
