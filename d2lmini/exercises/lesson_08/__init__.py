"""Judges of the exercises of lesson 08, convolutional networks: one file for each exercise."""
