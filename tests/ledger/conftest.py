"""The ledger's tests work with the newsroom of the engine's."""

from tests.engine.conftest import desk

__all__ = ["desk"]
