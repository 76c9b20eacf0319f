"""The newsroom: find its root folder, read its settings, choose articles for channels."""
