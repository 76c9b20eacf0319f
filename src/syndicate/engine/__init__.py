"""Plan, publish, ledger, lock, jobs: the only place that orchestrates."""
