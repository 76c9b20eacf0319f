"""What the RSS, Atom and JSON Feed adapters share."""
