"""Compares our counter for X with X's own (npm's twitter-text), on strings that may differ.

npm install --prefix DIR twitter-text@3.1.0; NODE_PATH=DIR/node_modules make slow
"""

from __future__ import annotations

import json
import random
import shutil

import pytest

from syndicate.thread.counting import x_length
from tests import waiting

STRINGS = 20_000
# Emoji of Unicode 12 and later give no difference: twitter-text 3.1.0 does not know them, and both
# sides count them by their parts.
PIECES = """
a|b|Z|é|ß|ñ|ø|港|日本|한국|ا|ש|क|ก|🙂|👍🏽|👨‍👩‍👧‍👦|🏳️‍🌈|🇩🇪|🇦|☀️|☀|1️⃣|©|™|‍|️|e\u0301|\u200e|\u202e|\u2014|“|”|…|
https://|http://|HTTP://|www.|example.com|gazette.co.uk|t.co/abc|https://t.co/a1B2c3|.com|.org/|/path|/(a)|
/a_(b)_c|?q=1&r=2|#frag|@|#|$|%|&|~|:|;|!|?|,|.|-|_|/|(|)|[|]|'|"|\u00a0|\t|\n| | |
пример.рф|例え.jp|ölkönig.de|xn--bcher-kva.ch|mailto:|a@b.co|.museum|:8080|//|..|🏴󠁧󠁢󠁥󠁮󠁧󠁿|🕵️‍♀️|ſ|İ|ｗ|．
""".replace("\n", "").split("|")
SCRIPT = """
const {parseTweet} = require('twitter-text');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map(text => parseTweet(text).weightedLength)));
"""


@pytest.mark.slow
def test_every_string_has_the_same_weight_as_in_twitter_text() -> None:
    node = shutil.which("node")
    if not node or waiting.run((node, "-e", "require('twitter-text')")).returncode:
        pytest.skip(
            "the npm package twitter-text is not in NODE_PATH: npm install --prefix DIR "
            "twitter-text@3.1.0; NODE_PATH=DIR/node_modules make slow"
        )
    chance = random.Random(20261005)
    texts = [
        "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 14))) for _ in range(STRINGS)
    ]
    done = waiting.run(
        (node, "-e", SCRIPT),
        input=json.dumps(texts).encode(),
        check=True,
    )
    theirs = json.loads(done.stdout)
    unlike = [
        (text, weight, x_length(text))
        for text, weight in zip(texts, theirs, strict=True)
        if x_length(text) != weight
    ]
    assert unlike == []
