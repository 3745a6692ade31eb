"""The app: Streamlit pages; each is widgets, one workflow call, one display."""
