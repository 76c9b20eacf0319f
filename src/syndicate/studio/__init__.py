"""The studio: web pages where people see, edit and approve everything before it is published."""
