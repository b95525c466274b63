"""The page on which an invited person joins by the emailed link."""
