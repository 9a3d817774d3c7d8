"""Templates, render plans and renders."""
