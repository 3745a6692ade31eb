"""The progress of one view and zone: chart, photographs, table and files."""
