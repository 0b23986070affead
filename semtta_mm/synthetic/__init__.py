"""The open source domain: bodies, motions, rendering, training data."""
