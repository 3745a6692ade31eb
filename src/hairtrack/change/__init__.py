"""When is a change real? Numbers and records only: no files, no clock, no settings.

Levels are fractions of visible scalp; changes, spreads and margins are in
percentage points, and a negative change is more hair cover. Where each rule
comes from, and what the simulated lives say of it, is in docs/statistics.md.
"""

from __future__ import annotations

VERSION = "1"
"""Version of these rules; raised whenever a number or a verdict may change."""
