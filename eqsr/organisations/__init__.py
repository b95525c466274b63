"""An organisation's name, colours, logo, language and time zone."""
