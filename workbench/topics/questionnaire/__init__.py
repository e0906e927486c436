"""Is a questionnaire any good: whether questions that belong together go together, and how they are filled in."""

from workbench.data_needs import ANSWERS, Need, Needs
from workbench.discovery import Topic

TOPIC = Topic(
    step=5,
    public={
        "query": ("fill_patterns", "question_answers", "question_quality"),
        "constructs": ("construct_scores", "constructs_by_stem"),
        "reliability": ("construct_reliability", "cronbach_alpha", "single_factor"),
        "distinctness": ("construct_pairs", "heterotrait_ratio"),
        "panel": ("questionnaire_panel",),
    },
    needs={
        "questionnaire": Needs(
            must=(ANSWERS, Need("questions_of_one_group", "questionnaire_no_group", least=2)),
            at_first=(Need("complete_in_a_group", "questionnaire_too_few", least=30),),
        ),
    },
    lesson="",
    without={
        "page": "figures of those who answered a group of questions whole, beside all others', tell of the rest",
        "exercises": "no lesson yet: what the sample company's questionnaire measures is not planted in it",
        "lesson": "no lesson yet: what the sample company's questionnaire measures is not planted in it",
    },
)

__getattr__, __dir__ = TOPIC.door(__name__)
