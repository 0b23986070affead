"""Many adaptations under one plan: ablations on held-out test sets."""
