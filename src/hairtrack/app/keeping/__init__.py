"""The library and the settings: what is kept, and what a person may do with it."""
