"""Social platforms, one module each. `courier.py` has what they share: posting a draft thread."""
