"""Contract suites: tests that every adapter, reader and courier must pass, including plug-ins.

from syndicate.testing import AdapterContract

class TestShout(AdapterContract):
    adapter = Shout()
"""

from syndicate.testing.adapters import AdapterContract
from syndicate.testing.couriers import CourierContract
from syndicate.testing.readers import ReaderContract

__all__ = ["AdapterContract", "CourierContract", "ReaderContract"]
