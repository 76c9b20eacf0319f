"""EPUB and the OPDS catalogue that lists EPUBs: the adapters, and how a book is made."""
