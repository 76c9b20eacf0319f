"""SMTP: the courier, its queue, one connection to a server, and the message each person gets."""
