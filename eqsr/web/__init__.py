"""What every page needs: access checks, languages, headers, static files and error pages.

Only views import it. Every module here is public.
"""
