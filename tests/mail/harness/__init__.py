"""The crash harness: a fake chat platform, our service, a killer and a judge."""
