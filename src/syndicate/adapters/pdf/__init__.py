"""PDF: the adapter and its parts: composition, typesetting, press work and preflight."""
