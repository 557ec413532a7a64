"""Transcripts: commands with the output they must give, as plain files. tests/cli/README.md has the format."""
