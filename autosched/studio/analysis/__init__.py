"""Measuring the style of a reference: one decode, five analyses, one report."""

from autosched.studio.analysis.analyze import analyze
from autosched.studio.analysis.report import Report

__all__ = ["Report", "analyze"]
