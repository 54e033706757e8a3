"""The history of the demo learner: sixty days of study, made by the use cases with a clock."""
