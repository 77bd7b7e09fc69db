"""The course as a website: a book that is read, with every lesson running in the browser's tab.

`make site`, or `python -m d2lmini.tools.site`. Read book.py, then lite.py, which adds the tab.
"""
