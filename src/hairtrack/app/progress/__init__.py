"""The progress of one view and zone: chart, its photographs, table and files."""
