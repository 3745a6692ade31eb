"""The tables of the first release; `create_tables` makes them from `schema`."""

revision = "0002"
down_revision = None
