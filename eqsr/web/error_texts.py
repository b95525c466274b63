"""What error pages say, by status."""

from eqsr.core.messages import N_

ERROR_TEXTS = {
    400: (
        N_("That did not work"),
        N_("Something in the request was not understood. Go back and try again."),
    ),
    403: (
        N_("Not yours to open"),
        N_("Your account may not do this. Ask an administrator of your team."),
    ),
    404: (N_("Page not found"), N_("There is nothing here, or it is not shared with you.")),
    405: (
        N_("That did not work"),
        N_("This page can't be opened like this. Go back and try again."),
    ),
    408: (
        N_("That took too long"),
        N_("Your connection was too slow to send this. Please try again."),
    ),
    413: (N_("Too large"), N_("What was sent is larger than we accept.")),
    415: (
        N_("That did not work"),
        N_("This page accepts only what its form sends. Go back and use the form."),
    ),
    429: (N_("A little too fast"), N_("There were too many tries. Wait a minute and try again.")),
    500: (
        N_("Something went wrong"),
        N_("The mistake is ours and it has been noted. Please try again."),
    ),
    503: (N_("Back in a moment"), N_("Part of the service is away just now. Please try again.")),
}

# Sent if the error page can't be rendered either.
BARE_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Something went wrong</title></head>
<body>
<h1>Something went wrong</h1>
<p>The mistake is ours and it has been noted. Please try again.</p>
</body>
</html>
"""
