"""The figures of the project, each beside a peer measured in the same run."""
