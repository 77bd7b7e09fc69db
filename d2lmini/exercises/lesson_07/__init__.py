"""Judges of the exercises of lesson 07, XOR: one file for each exercise."""
