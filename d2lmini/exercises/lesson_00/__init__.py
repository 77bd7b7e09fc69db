"""Judges of the exercises of lesson 00, introduction: one file for each exercise."""
