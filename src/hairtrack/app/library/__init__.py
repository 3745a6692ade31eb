"""The library: photographs, subjects, backup, export, erasure."""
