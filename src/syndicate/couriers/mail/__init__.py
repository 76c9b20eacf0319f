"""What sending mail consists of: the message, whose turn it is, and one connection."""
