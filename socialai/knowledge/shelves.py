"""The small knowledges of all tenants that are held in memory, within one bound."""

import threading
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from msgspec import Struct

from socialai.knowledge.memory_shelf import MemoryShelf
from socialai.knowledge.shelf import fts_query
from socialai.store import chunks
from socialai.store.db import Database

MOST_BYTES = 12 * 1024 * 1024
"""Of vectors: about 1,500 chunks of all tenants together, which take three times as much with their texts."""
_REST_SECONDS = 60.0


class _Kept(Struct):
    """`size` is of the vectors in the file, which may be too many to hold."""

    version: str
    size: int
    asked_at: float = 0.0
    shelf: MemoryShelf | None = None


class Shelves:
    """Each is read anew when its knowledge has changed. One that nobody asked for a minute gives way to who
    needs the room; until then the other is searched in its file, or the two would push each other out by
    turns."""

    def __init__(self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()

    def shelf(self, database: Database) -> MemoryShelf | None:
        """None when there is nothing, or no room to hold it."""
        version = database.read(chunks.version)
        with self._lock:
            kept = self._kept.get(database)
            if kept is None or kept.version != version:
                kept = self._kept[database] = _Kept(version, database.read(chunks.size))
            kept.asked_at = self._clock()
            if kept.shelf is None and self._has_room_for(kept.size):
                kept.shelf = _read(database)
            return kept.shelf

    def _has_room_for(self, size: int) -> bool:
        if not 0 < size <= self._most_bytes:
            return False
        held = sorted((one for one in self._kept.values() if one.shelf), key=lambda one: one.asked_at)
        room = self._most_bytes - sum(one.size for one in held)
        for one in held:
            if room >= size or self._clock() - one.asked_at < _REST_SECONDS:
                break
            one.shelf = None
            room += one.size
        return room >= size


def _read(database: Database) -> MemoryShelf:
    def look_up(word: str) -> dict[int, float]:
        return database.read(lambda db: chunks.matching(db, fts_query([word]), -1))

    return MemoryShelf(*database.read(chunks.everything), look_up)
