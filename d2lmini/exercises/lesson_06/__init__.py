"""Judges of the exercises of lesson 06, multilayer perceptrons: one file for each exercise."""
