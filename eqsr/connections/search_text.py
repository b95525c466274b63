"""The column by which mirrored SmartRecruiters jobs are found."""

from eqsr.core.folding import cut, folded


def search_text(title: str, ref_number: str, ats_id: str) -> str:
    """Return the ``search`` column of a job: title, reference and id, folded, a line each.

    The line breaks distinguish a whole match from a part. At most 2,003 bytes, as PostgreSQL's
    index entries are limited to about 2,700.
    """
    parts = ((title, 1500), (ref_number, 300), (ats_id, 200))
    return "".join(f"{cut(folded(part), most)}\n" for part, most in parts)
