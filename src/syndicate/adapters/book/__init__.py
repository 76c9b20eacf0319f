"""How an EPUB is made: the issue, its pages, pictures and faces, its cover, and the binding."""
