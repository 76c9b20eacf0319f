"""What the PDF adapter is made of: composition, typesetting, press work and preflight."""
