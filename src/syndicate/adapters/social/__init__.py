"""Social threads: one module a platform, on what they share (`adapter.py`): composing a thread,
and tracing each of its sentences to the article."""
