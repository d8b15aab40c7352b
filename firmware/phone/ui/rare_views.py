"""Which view shows which record of rare.py; each is loaded with the first of its pages."""

from phone import rare
from phone.records import Menu


def rare_view(record, theme, title, context):
    """As page_view() of ui/views.py; None for what is no page."""
    kind = type(record)
    if kind is Menu:
        from phone.ui.lines import LinesView

        return LinesView(record, theme, title, context)
    if kind is rare.Input:
        from phone.ui.form import FormView

        return FormView(record, theme, title, context)
    if kind is rare.Directory:
        from phone.ui.directory import DirectoryView

        return DirectoryView(record, theme, title, context)
    if kind is rare.Image:
        from phone.ui.picture import PictureView

        return PictureView(record, theme, title, context)
    if kind is rare.IconMenu:
        from phone.ui.icons import IconMenuView

        return IconMenuView(record, theme, title, context)
    if kind is rare.Status:
        from phone.ui.window import StatusView

        return StatusView(record, theme, context)
    if kind is rare.Response:
        from phone.ui.replies import replies

        return replies(record, theme, title, context)
    return None
