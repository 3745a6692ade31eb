"""The navigation of the app: Streamlit runs this script, and it runs the chosen page."""

import streamlit as st

from hairtrack.app.frame import PAGES, choose_language, load_page
from hairtrack.app.i18n import _

st.set_page_config(page_title="hairtrack", layout="wide")
choose_language()

# No icons: Streamlit would fetch them from the web to put them on the browser's tab.
pages = [
    st.Page(
        load_page(path),
        title=_(page.title),
        url_path=path,
        default=path == "home",
        visibility="hidden" if page.hidden else "visible",
    )
    for path, page in PAGES.items()
]
st.navigation(pages, position="top").run()
