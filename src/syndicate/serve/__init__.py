"""The small web application of `syndicate serve`, where people unsubscribe."""
