"""Article → source: the other way round than readers."""
