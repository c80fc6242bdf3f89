"""WeCom: a self-built app, a robot, and webhooks of groups."""
