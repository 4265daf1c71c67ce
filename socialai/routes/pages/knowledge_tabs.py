"""The parts of the knowledge, and what waits in each."""

import sqlite3

from socialai.routes.access import Asked, database
from socialai.routes.pages.render import Context
from socialai.store import candidates, contradictions, gaps, sites


def tabs(request: Asked, tab: str) -> Context:
    def read(db: sqlite3.Connection) -> Context:
        return {
            "sites": len(sites.sites(db)),
            "gaps": gaps.counts(db)["open"],
            "suggestions": candidates.count(db),
            "contradictions": contradictions.count(db),
        }

    return {"tab": tab, "tab_counts": database(request).read(read)}
