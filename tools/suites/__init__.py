"""The test suites behind scripts/test: what there is, how it runs, how it is counted."""
