"""Judges of the exercises of lesson 11, your own data: one file for each exercise."""
