"""What all web formats need: addresses, dates and pictures."""
