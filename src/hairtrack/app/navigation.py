"""The navigation of the app: Streamlit runs this script, and it runs the chosen page."""

import streamlit as st

from hairtrack.app.frame import PAGES, choose_language, load_page, read_asset
from hairtrack.app.i18n import _

st.set_page_config(page_title="hairtrack", layout="wide")
choose_language()
st.logo(read_asset("logo.svg"), size="large")

# No icons: Streamlit would fetch them from the web to put them on the browser's tab.
pages = [
    st.Page(
        load_page(path),
        title=_(page.title),
        url_path=path,
        default=path == "home",
    )
    for path, page in PAGES.items()
]
st.navigation(pages, position="top").run()
