"""Pages: what stands above the topics, made of their panels: a page, a board, two segments side by side, loading."""

from workbench.discovery import door

__getattr__, __dir__ = door(
    __name__,
    {
        "board": (
            "Board",
            "segments_board",
        ),
        "loading.panel": ("load_panel",),
        "comparison": (
            "SideBySide",
            "side_by_side",
        ),
        "put_on_page": ("page",),
        "visited": ("visited_page",),
    },
)
