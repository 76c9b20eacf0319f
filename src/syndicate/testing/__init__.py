"""The contract suites that every adapter, reader and courier passes, for plug-in authors too.

from syndicate.testing import AdapterContract

class TestShout(AdapterContract):
    adapter = Shout()
"""

from syndicate.testing.adapters import AdapterContract
from syndicate.testing.couriers import CourierContract
from syndicate.testing.readers import ReaderContract

__all__ = ["AdapterContract", "CourierContract", "ReaderContract"]
