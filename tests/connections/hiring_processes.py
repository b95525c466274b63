"""Stages of a customer's hiring processes in the sandbox."""


def stages(story, **sub_statuses) -> None:
    """All hiring processes have these sub-statuses from now on."""
    for process in story.box.get(f"companies/{story.company}")["hiringProcesses"]:
        path = f"companies/{story.company}/hiring-processes/{process['id']}"
        story.box.post(path, {"subStatuses": sub_statuses})


RENAMED = {"IN_REVIEW": ["Phone screen", "Online test"]}
