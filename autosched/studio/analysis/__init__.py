"""Measuring the style of a reference: one decode, five analyses, one report.

`analyze.analyze` measures, `report.Report` is what it says. Nothing is imported here: what only
reads reports needs none of the measuring.
"""
