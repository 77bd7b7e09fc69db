"""Sphinx's settings for the book; book.py starts Sphinx, and is an extension of it, too."""

import os
from pathlib import Path

from d2lmini.tools.site import book

project = html_title = "Deep learning"
author = "the d2lmini contributors"
copyright = f"{author}. Code: MIT. Text and figures: CC BY 4.0"
extensions = ["myst_nb", "d2lmini.tools.site.book"]

nb_execution_mode = "off"
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_heading_slug_func = "d2lmini.tools.site.book.slug"

html_theme = "sphinx_book_theme"
html_math_renderer = "mathml"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_theme_options = {
    "repository_url": book.REPOSITORY,
    "repository_branch": "main",
    "path_to_docs": "notebooks",
    "use_edit_page_button": True,
    "navbar_persistent": [],
    "launch_buttons": {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "jupyterhub_url": os.environ.get("HUB", ""),  # make site HUB=https://hub.example.edu
    },
}
