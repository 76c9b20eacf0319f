"""The articles that tests share."""

from syndicate.testing.articles import NOON, PUBLICATION, article, every_block, para, words

__all__ = ["NOON", "PUBLICATION", "article", "every_block", "para", "words"]
