"""PDF: the adapter and its parts (composition, typesetting, preparation for print, preflight)."""
