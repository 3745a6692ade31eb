"""hairtrack's app: its contents behind their gate, and nothing else."""

from importlib import resources

import streamlit as st
from starlette.middleware import Middleware

from hairtrack.app import gate, memory

memory.return_at_once()
token = gate.choose_token()

app = st.App(
    str(resources.files("hairtrack.app") / "contents.py"),
    lifespan=gate.announce(token),
    middleware=[Middleware(gate.Gate, token=token)],
)
