"""The programs are run by test_programs.py, with and without PyTorch: nothing imports them."""

collect_ignore_glob = ["programs/*.py"]
