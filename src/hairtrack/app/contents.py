"""The table of contents of the app; Streamlit runs it, each page is in hairtrack.app."""

import streamlit as st

from hairtrack.app import (
    page_about,
    page_add,
    page_compare,
    page_course,
    page_library,
    page_progress,
    page_settings,
)

st.set_page_config(page_title="hairtrack", layout="wide")

# No icons: Streamlit would fetch them from the web to put them on the browser's tab.
contents = [
    st.Page(
        page_progress.show, title="Progress", url_path=page_progress.PATH, default=True
    ),
    st.Page(page_add.show, title="Add photographs", url_path=page_add.PATH),
    st.Page(page_compare.show, title="Compare", url_path=page_compare.PATH),
    st.Page(page_course.show, title="Treatment course", url_path=page_course.PATH),
    st.Page(page_library.show, title="Library", url_path=page_library.PATH),
    st.Page(page_settings.show, title="Settings", url_path=page_settings.PATH),
    st.Page(page_about.show, title="Method", url_path=page_about.PATH),
]

st.navigation(contents, position="top").run()
