"""What every page has: access, language and headers, static files, error pages.

Used by views alone. Every module here is public.
"""
