"""From planned renderings to artifacts, in parallel processes."""
