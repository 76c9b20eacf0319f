"""What adapters share: templates and block macros, pictures, fonts, and the reporting of losses."""

from syndicate.kit.fonts import FontFace
from syndicate.kit.kit import Kit, Loss
from syndicate.kit.pictures import Picture
from syndicate.kit.view import Shown, View

__all__ = ["FontFace", "Kit", "Loss", "Picture", "Shown", "View"]
