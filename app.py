"""hairtrack's app: its navigation behind its access check."""

from importlib import resources

import streamlit as st
from starlette.middleware import Middleware

from hairtrack.app import server

server.release_freed_memory()
keys = server.Keys()

app = st.App(
    str(resources.files("hairtrack.app") / "navigation.py"),
    lifespan=server.show_address(keys),
    middleware=[Middleware(server.AccessMiddleware, keys=keys)],
)
