"""The commands: each reads its options, calls a use case, and prints in Chinese."""
