"""The newsroom: finding its root, reading its settings, choosing articles for channels."""
