"""The studio: pages on which people see, edit and approve everything before it leaves."""
