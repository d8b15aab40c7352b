"""One exception for everything that a user can put right."""


class Problem(Exception):
    """A sentence for the user. The command prints it on stderr and exits with `code`.

    code: 1 something did not work, 2 something was asked for in a wrong way.
    """

    def __init__(self, sentence: str, code: int = 1):
        super().__init__(sentence)
        self.code = code
