"""Pictures and tables for people: arrays or bytes out, no database."""
