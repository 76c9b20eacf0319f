"""EPUB books, and OPDS catalogues that list them: the adapters and the making of a book."""
