"""The durable record of articles, renderings, approvals and deliveries."""
