"""From artifacts to the world; each delivery is a row of the ledger."""
