"""Judges of the exercises of lesson 03, linear regression: one file for each exercise."""
