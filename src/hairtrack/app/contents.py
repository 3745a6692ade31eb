"""The table of contents of the app; Streamlit runs it, each page is in hairtrack.app."""

import streamlit as st

from hairtrack.app import (
    page_about,
    page_add,
    page_compare,
    page_course,
    page_library,
    page_overview,
    page_progress,
    page_settings,
)
from hairtrack.app.frame import choose_language
from hairtrack.app.language import _

st.set_page_config(page_title="hairtrack", layout="wide")
choose_language()

# No icons: Streamlit would fetch them from the web to put them on the browser's tab.
pages = {
    page_overview: _("Overview"),
    page_progress: _("Progress"),
    page_add: _("Add photographs"),
    page_compare: _("Compare"),
    page_course: _("Treatment course"),
    page_library: _("Library"),
    page_settings: _("Settings"),
    page_about: _("Method"),
}
contents = [
    st.Page(page.show, title=title, url_path=page.PATH, default=page is page_overview)
    for page, title in pages.items()
]

st.navigation(contents, position="top").run()
