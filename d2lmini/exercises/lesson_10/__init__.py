"""Judges of the exercises of lesson 10, sequences: one file for each exercise."""
