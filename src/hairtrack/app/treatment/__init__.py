"""Sections of the treatment course."""
