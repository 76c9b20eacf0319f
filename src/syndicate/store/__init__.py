"""Bytes by their SHA-256, in a folder of this machine or in a place that many machines share.

Together with the ledger, the store has all that a run needs: any checkout with the same ledger and
the same store can finish what another one began. The ledger says what is needed; bytes that it does
not name are removed after a week.
"""

from syndicate.store.blob_digest import digest_of_bytes
from syndicate.store.contract import BlobStore
from syndicate.store.folder import FolderStore
from syndicate.store.over import OverStore
from syndicate.store.remote import RemoteStore
from syndicate.store.settings import Store, open_store, try_out

__all__ = [
    "BlobStore",
    "FolderStore",
    "OverStore",
    "RemoteStore",
    "Store",
    "digest_of_bytes",
    "open_store",
    "try_out",
]
