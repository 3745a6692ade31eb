"""Sections of the page of the treatment course."""
