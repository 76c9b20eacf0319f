"""From files and web pages to sources in `content/`."""
