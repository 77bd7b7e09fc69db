"""Right answers to the exercises, which test the judges; a module for each lesson.

RIGHT   {exercise: [source, …]}, at least two each, written unlike the solution
SAME    {exercise: {mutant: why it is as right as the solution}}, see mutants.py
"""
