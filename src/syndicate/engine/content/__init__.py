"""From `content/` to summaries of articles: sources, what was read of them, identity."""
