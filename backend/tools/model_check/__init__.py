"""The specification's model check: every model is stored and read, every rule is attacked.

`rows.py` holds valid rows, `attempts.py` what must be refused, `rules.py` finds the rules,
`runner.py` tries them, `report.py` prints. `test_models.py` is the command.
"""
