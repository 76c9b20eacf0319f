"""What documents on the web refer to, whatever their format: addresses, dates, pictures."""
