"""Judges of the exercises of lesson 01, tensors: one file for each exercise."""
