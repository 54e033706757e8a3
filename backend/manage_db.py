"""The operator's tool; see app/cli."""
