"""From visits to verdicts: numbers and records only, no files, clock or settings.

Levels are fractions of visible scalp. Changes, spreads and margins are in percentage
points, and a negative change is more hair cover. docs/statistics.md says where each rule
comes from and how it performs in simulation.
"""

from __future__ import annotations

VERSION = "1"
"""Version of these rules; raised whenever a number or a verdict may change."""
