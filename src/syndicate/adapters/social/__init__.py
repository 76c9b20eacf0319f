"""Social threads. Each platform has a module; `adapter.py` is what they share. The other modules
compose a thread and trace each of its sentences to the article."""
