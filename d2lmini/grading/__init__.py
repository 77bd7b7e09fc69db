"""Grades a folder of submissions from people you do not know: `python -m d2lmini.grading FOLDER`.

Student code runs in a sandbox and can only answer questions; what is right, and the verdicts, stay
in the grader's own process. Read in this order: submissions.py (what was handed in), child.py (what
runs inside), sandbox.py (the walls around it), grade.py (one submission), batch.py (all of them),
report.py (what comes out).
"""
