"""Write an article once and publish it to every channel exactly once."""

__version__ = "0.2.0"
