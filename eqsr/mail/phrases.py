"""Classify refusals of mail servers by their words, if the code says too little.

The groups are tried in order: "daily user sending quota" is about the sender, although "user … over
quota" is about the recipient.
"""

import re

from eqsr.mail.faults import Fault

_ABOUT_US = (
    r"sending.{0,30}(limit|quota)",
    r"quota.{0,20}(sending|daily)",
    r"daily.{0,30}(limit|quota)",
    r"credits? exceeded",
    r"limit.{0,20}(sender|account)",
    r"too many (messages|mails|emails)",
    r"(message|rate|hourly|recipient) (rate )?(limit|quota)",
    r"rate.?limit",
    r"unusual rate",
    r"throttl",
    r"block(ed|list)",
    r"black ?list",
    r"denylist",
    r"spamhaus|spamcop|barracuda|sorbs",
    r"\brbl\b|dnsbl",
    r"reputation",
    r"\b(spf|dkim|dmarc)\b",
    r"authenticat",
    r"log ?in first",
    r"unverified|not (been )?verified|verified (sender|domain)",
    r"sender (identity|address rejected|rejected|denied|verify)",
    r"sender.{0,40}(not allowed|owned|disabled)",
    r"(not allowed|permission).{0,30}send",
    r"send ?as ?denied",
    r"bad outbound sender",
    r"relay(ing)?\b",
    r"suspended",
    r"(your|sending) account.{0,40}(disabled|suspend|block|review)",
    r"unpaid|payment",
    r"suspicious",
    r"not accepted from",
    r"\bptr\b|reverse (dns|lookup)",
    r"client host|\bhelo\b|\behlo\b|from address",
    r"(your|sending|client) (ip|server|host|domain)",
    r"allowed rcpthosts",
    r"starttls|must issue",
)
_ABOUT_THE_RECIPIENT = (
    r"(user|recipient|mailbox|account|address|alias|person|name).{0,40}("
    r"unknown|not (found|exist|known|available|active|valid|here|listed|local)"
    r"|does ?n.t (exist|have)|does not (exist|have)|unavailable|rejected|invalid"
    r"|inactive|disabled|expired|closed|not allowed to receive|over ?quota|is full"
    r"|exceeded|undeliverable|unroutable|deactivated|discontinued)",
    r"(no|unknown|invalid|unrouteable|unroutable|bad|inactive|non-?existent) (such )?"
    r"(virtual |local |valid )?(user|recipient|mailbox|address|account|person|destination|domain)",
    r"nobody (here|by)",
    r"not (a|our) (valid |known )?(user|customer|mailbox|recipient)",
    r"mailbox full|over ?quota",
    r"recipientnotfound|recipnotfound",
    r"null ?mx",
    r"(domain|host).{0,30}(not found|does ?n.t exist|does not exist|unknown)",
    r"nxdomain|no mx",
)
_ABOUT_THE_CONTENT = (
    r"\b(spam|virus|malware|malicious|phishing)\b",
    r"\b(content|attachments?|urls?|links?|subject|headers?|message-id|mime|format)\b",
    r"\b(rfc ?5322|rfc ?2822)\b",
    r"\btoo (big|large)\b|\bsize\b",
)
_ABOUT_RULES = (r"not (authori[sz]ed|permitted)", r"prohibit", r"policy", r"access denied")

# A temporary refusal with these words concerns all our email, not only one recipient.
_ABOUT_ALL_OUR_MAIL = (
    r"sending.{0,30}(limit|quota)|quota.{0,20}sending",
    r"daily|credit|suspended",
    r"your (ip|account|domain)",
    r"too many (messages|mails|emails|login)",
    r"rate.?limit|unusual rate",
)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in words), re.IGNORECASE)


_KINDS = (
    (Fault.US, _any(*_ABOUT_US)),
    (Fault.RECIPIENT, _any(*_ABOUT_THE_RECIPIENT)),
    (Fault.CONTENT, _any(*_ABOUT_THE_CONTENT)),
    (Fault.US, _any(*_ABOUT_RULES)),
)
_ALL_OUR_MAIL = _any(*_ABOUT_ALL_OUR_MAIL)
# Addresses and links are ignored, because spam@… may be a person's address.
_NAMES = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")


def fault_in(text: str) -> Fault | None:
    """The fault that the words of an answer point to; None if no known phrase is in it."""
    plain = _NAMES.sub(" ", text)
    return next((fault for fault, words in _KINDS if words.search(plain)), None)


def about_all_our_mail(text: str) -> bool:
    """True if a temporary refusal concerns the sender, not one recipient."""
    return _ALL_OUR_MAIL.search(_NAMES.sub(" ", text)) is not None
