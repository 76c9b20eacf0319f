"""Social threads: counting, sentences, the composer, and where each sentence comes from."""
