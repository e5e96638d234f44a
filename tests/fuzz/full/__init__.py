"""Programs of the whole language: loops of all kinds, exits, writes, views, helpers, containers."""
