"""Typical answers to the exercises, wrong and right, that test the judges; a module a lesson.

WRONG   {exercise: [(part of the message that it must get, source), …]}, at least four each
RIGHT   {exercise: [source, …]}, at least two each, written unlike the solution
SAME    {exercise: {mutant: why it is as right as the solution}}, see mutants.py
"""
