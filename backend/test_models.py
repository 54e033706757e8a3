"""The model check."""
