"""Judges of the exercises of lesson 04, optimization: one file for each exercise."""
