"""Diagnosis of the alignment loss and of motion-text models."""
