"""Social platforms: one module each, on what they share (`courier.py`): posting a draft thread."""
