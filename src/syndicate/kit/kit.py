"""The kit: what an adapter gets in addition to its edition."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from syndicate.article import Article, Figure
from syndicate.errors import Location, RenderError
from syndicate.kit.allowance import allowance, shortened
from syndicate.kit.pictures import Picture, PictureFolders, is_web_picture
from syndicate.kit.view import Shown, View

if TYPE_CHECKING:
    import jinja2

Syntax = Literal["html", "txt"]
Extend = Callable[["jinja2.Environment"], None]


@dataclass(frozen=True)
class Loss:
    """A part of an article that a channel cannot show."""

    article: str
    block: str
    reason: str


@dataclass(frozen=True)
class Kit:
    """Templates, assets, pictures and fonts for one channel, and a list of its losses.

    `folders` are searched in order: the channel's own, its adapter's, the shared root; for each,
    the newsroom's folder comes before the packaged one. `content` is the newsroom's `content/`
    folder, `extracted` the folder of pictures that came inside an article's source; links may lead
    into the folders `follow`. `extend` is what an adapter adds to the Jinja environment of its
    templates.
    """

    folders: tuple[Path, ...]
    content: Path
    losses: list[Loss] = field(default_factory=list)
    extracted: Path | None = None
    follow: tuple[Path, ...] = ()
    extend: Extend | None = None

    def render(self, template: str, /, **variables: Any) -> str:
        """The output of `template` (a name such as `page.html.j2`).

        Raises:
            RenderError: the template is missing or raises, with its file and line.
        """
        try:
            with allowance():
                return self._environment.get_template(template).render(variables)
        except RenderError:
            raise
        except Exception as error:
            raise self._in_template(error, template) from error

    def fill(self, pattern: str, /, **variables: Any) -> str:
        """The output of `pattern`, a short template from a setting; nothing is escaped.

        Raises:
            RenderError: `pattern` is not a template, or raises.
        """
        try:
            with allowance():
                return self._environment.from_string(pattern).render(variables)
        except Exception as error:
            raise RenderError(f"{shortened(pattern)!r}: {shortened(str(error))}") from error

    @property
    def _environment(self) -> jinja2.Environment:
        return _environment(self.folders, self.extend)

    def view(
        self,
        article: Article,
        syntax: Syntax = "html",
        *,
        picture: Callable[[Figure], Shown | None] | None = None,
        **variables: Any,
    ) -> View:
        """The body of `article` for the block macros; `str(view)` renders it.

        Rendering raises whatever the macros raise: use the view in a template, or call `body`.
        """
        return View(
            article,
            self._macros(syntax),
            picture=picture or _from_the_web,
            variables={"words": self.words(article.language), **variables},
        )

    def body(
        self,
        article: Article,
        syntax: Syntax = "html",
        *,
        picture: Callable[[Figure], Shown | None] | None = None,
        **variables: Any,
    ) -> str:
        """The body of `article` as `view` renders it.

        Raises:
            RenderError: a macro raises, with its file and line.
        """
        try:
            with allowance():
                return str(self.view(article, syntax, picture=picture, **variables))
        except RenderError:
            raise
        except Exception as error:
            raise self._in_template(error) from error

    def _in_template(self, error: Exception, name: str | None = None) -> RenderError:
        """`error`, which a template raised, with the template's file and line; without a line if
        the template called `name` cannot be compiled."""
        from syndicate.kit.templates import template_error

        return template_error(error, self.folders, name)

    def _macros(self, syntax: Syntax) -> tuple[jinja2.Template, ...]:
        """Every `blocks` file for `syntax`, the channel's first and the shared one last."""
        env = self._environment
        try:
            return tuple(_template_at(env, path, self.extend) for path in self._block_files[syntax])
        except Exception as error:
            raise self._in_template(error, f"blocks.{syntax}.j2") from error

    @cached_property
    def _block_files(self) -> Mapping[Syntax, tuple[Path, ...]]:
        """The existing `blocks` files, searched for once per kit and not once per article."""
        syntaxes: tuple[Syntax, ...] = ("html", "txt")
        return {
            syntax: tuple(
                path
                for folder in self.folders
                for place in (folder, folder / "article")
                if (path := place / f"blocks.{syntax}.j2").is_file()
            )
            for syntax in syntaxes
        }

    @cached_property
    def _word_lists(self) -> tuple[bytes, ...]:
        """Every `words.toml`, the newsroom's own last: it may lack words of a newer release."""
        self.asset("words.toml")  # there has to be one
        paths = (folder / "words.toml" for folder in reversed(self.folders))
        return tuple(path.read_bytes() for path in paths if path.is_file())

    def asset(self, name: str) -> bytes:
        """The bytes of a file next to the templates, such as `page.css`.

        Raises:
            RenderError: no folder has this file.
        """
        for folder in self.folders:
            path = folder / name
            if path.is_file():
                return path.read_bytes()
        raise RenderError(f"there is no file {name!r} in templates/")

    def picture(
        self,
        src: str,
        *,
        width: int | None = None,
        formats: frozenset[str] = frozenset(),
        most: int | None = None,
    ) -> Picture:
        """The local picture `src`, upright, in sRGB, at most `width` pixels across and `most`
        bytes long, in one of `formats` (media types) if any are given.

        Raises:
            RenderError: it is remote, missing, outside `content/`, not a picture, or too large.
        """
        if is_web_picture(src):
            raise RenderError(f"picture {src!r} is not in the newsroom")
        return self._pictures.open(src, width, formats, most)

    @property
    def _pictures(self) -> PictureFolders:
        folders = (self.content, self.extracted) if self.extracted else (self.content,)
        return PictureFolders(folders, self.follow)

    def words(self, language: str) -> Mapping[str, str]:
        """The words that templates print (`templates/words.toml`) in `language`, else in English.

        Raises:
            RenderError: `words.toml` is missing or not TOML.
        """
        return _words(self._word_lists, language.split("-")[0])

    def lossy(self, article: Article, block: str, reason: str) -> None:
        """Report that this channel cannot show a block of `article`; `block` is its type."""
        loss = Loss(article.id, block, reason)
        if loss not in self.losses:
            self.losses.append(loss)


@lru_cache(maxsize=32)
def _environment(folders: tuple[Path, ...], extend: Extend | None) -> jinja2.Environment:
    from syndicate.kit.templates import template_environment  # Jinja takes a while to load

    return template_environment(folders, extend)


@lru_cache(maxsize=64)
def _words(lists: tuple[bytes, ...], language: str) -> Mapping[str, str]:
    try:
        tables = [tomllib.loads(toml.decode()) for toml in lists]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RenderError(f"{error}", where=Location("templates/words.toml")) from error
    words: dict[str, str] = {}
    for name in ("en", language):
        for table in tables:
            words |= table.get(name, {})
    return MappingProxyType(words)


@lru_cache(maxsize=128)
def _template_at(env: jinja2.Environment, path: Path, extend: Extend | None) -> jinja2.Template:
    code = _compiled(path.read_text("utf-8"), path, extend)
    return env.template_class.from_code(env, code, env.make_globals(None))


@lru_cache(maxsize=32)
def _compiled(source: str, path: Path, extend: Extend | None) -> CodeType:
    """Compiled once for all channels: the shared blocks take longer than most articles."""
    return _environment((), extend).compile(source, name=path.name, filename=str(path))


def _from_the_web(figure: Figure) -> Shown | None:
    """A picture on the web, shown from its URL; None for a local picture."""
    return Shown(figure.src, figure.width, figure.height) if is_web_picture(figure.src) else None
