"""`import d2lmini.backends.cudnn as cudnn`: switches that are accepted and change nothing."""

enabled = True
benchmark = deterministic = allow_tf32 = False


def is_available() -> bool:
    """False."""
    return False


def version() -> None:
    """None."""
