"""Runners, loops and hooks: what drives the adaptation."""
