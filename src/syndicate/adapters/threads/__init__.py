"""Social threads: counting, sentences, the composer, and the draft file."""
