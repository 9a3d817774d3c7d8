"""Social platforms, one module each, behind one small protocol; knows nothing of the tables."""
