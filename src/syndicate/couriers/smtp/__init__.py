"""SMTP: the courier, its queue, a connection to a mail server, and the message for a recipient."""
