"""The form in Streamlit: `streamlit run streamlit_form.py`."""

from __future__ import annotations

import streamlit as st
from practice import HEADINGS, LEVELS, TITLE, keep, level_of, note_of


def changed(name: str) -> None:
    """Keep one answer at once."""
    keep(name, st.session_state[name])


st.title(TITLE)
for heading, (title, listed) in enumerate(HEADINGS.items(), start=1):
    st.header(title)
    for place, statement in enumerate(listed, start=1):
        level, note = level_of(f"{heading}-{place}"), note_of(f"{heading}-{place}")
        label = f"{heading}.{place} {statement}"
        st.radio(label, LEVELS, index=None, horizontal=True, key=level, on_change=changed, args=(level,))
        st.text_input(f"Note for {label}", key=note, on_change=changed, args=(note,))
