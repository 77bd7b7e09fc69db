"""Tests of the lessons and of what belongs to them."""
