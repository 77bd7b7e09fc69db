"""Judges of the exercises of lesson 02, autograd: one file for each exercise."""
