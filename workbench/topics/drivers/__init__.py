"""What goes with satisfaction: how closely each question goes with an overall judgement, and where to begin."""

from workbench.data_needs import ANSWERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=3,
    public={
        "query": ("driver_answers", "rated_together"),
        "relative_weights": ("johnson_weights",),
        "shapley_weights": ("explained_by_subsets", "lmg_weights"),
        "importance": ("DriverImportance", "driver_importance"),
        "priorities": ("importance_map",),
        "panel": ("drivers_panel",),
    },
    needs={
        "drivers": Needs(
            must=(ANSWERS, Need("rated_questions", "drivers_no_questions", least=3)),
            at_first=(Need("complete_at_first", "drivers_too_few", least=30),),
        ),
    },
    lesson="",
    without={
        "page": "means of those who answered all questions, beside those of all who answered one, tell of the rest",
        "exercises": "no lesson yet: the sample company has no questionnaire whose answers are planted to go together",
        "lesson": "no lesson yet: the sample company has no questionnaire whose answers are planted to go together",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
