"""One article in, every channel out, each exactly once."""

__version__ = "0.2.0"
