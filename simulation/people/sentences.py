"""What people do, in plain sentences for the timeline of a failure."""

from simulation.plan import Step

# {who}: the person's name or the company's; {stage}, {job}, {text}: of the step.
SENTENCES = {
    "apply": "{who} applies for job {job} and is put into {stage}",
    "move": "{who} is moved to {stage} (job {job})",
    "transfer": "{who} is transferred to job {job}",
    "address": "{who}'s address becomes {text}",
    "delete": "{who} is deleted in SmartRecruiters",
    "merge": "{who}'s profile is merged into another one",
    "second profile": "{who} comes a second time, on another profile {text}(job {job})",
    "merge profiles": "{who}'s two profiles are merged",
    "rename stage": "{who} renames the watched stage",
    "name stage back": "{who} gives the watched stage its name back",
    "close ats job": "{who} fills its job {job}",
    "reopen ats job": "{who} opens its job {job} again",
    "rename job": "{who} renames its job {job}",
    "take scopes": "{who} takes a scope from our credential",
    "give scopes": "{who} gives our credential all scopes",
    "expire tokens": "{who}'s access tokens expire",
    "rotate": "{who} revokes our credential",
    "suspend": "{who}'s subscription is suspended",
    "lose subscription": "{who}'s subscription is lost",
    "erase": "an admin erases what we have about {who}",
    "cancel": "an admin cancels {who}'s invitation",
    "resend": "an admin sends {who}'s invitation again",
    "extend": "an admin gives {who} more time",
    "new link": "an admin makes {who} a new link",
    "correct": "an admin corrects {who}'s address to {text}",
    "invite": "an admin invites {who} by hand",
    "invite anyway": "an admin invites {who} anyway",
    "close job": "an admin of {who} closes job {job} here",
    "reopen job": "an admin of {who} opens job {job} here again",
    "disconnect": "an admin of {who} disconnects SmartRecruiters",
    "reconnect": "an admin of {who} enters another credential",
}


def sentence(step: Step, who: str) -> str:
    """The step as a sentence, without a full stop; its own words for acts that have none here."""
    stage = " / ".join(filter(None, step.stage))
    text = f"{step.text} " if step.text and step.act == "second profile" else step.text
    words = SENTENCES.get(step.act, f"{step.act} {who} {step.text}".rstrip())
    return words.format(who=who, stage=stage, job=step.job, text=text)
