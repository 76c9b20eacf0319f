"""What the email adapter is made of: palette, pictures, style inlining, plain letter, MIME."""
