"""The small web application behind `syndicate serve`, at which people unsubscribe."""
