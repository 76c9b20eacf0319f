"""Email: the newsletter adapter and its parts: layout, styles, pictures, plain text, MIME."""
