"""The treatment course: dates and records only; no files, no clock, no advice."""
