"""Judges of the exercises of lesson 09, deep networks: one file for each exercise."""
