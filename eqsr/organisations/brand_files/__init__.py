"""The organisation's stylesheet and logo, for everyone."""
