"""Jobs and the stages that they watch."""
