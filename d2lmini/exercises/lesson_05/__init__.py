"""Judges of the exercises of lesson 05, softmax regression: one file for each exercise."""
