"""Writers turn an article into source text, the reverse of readers."""
