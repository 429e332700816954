"""The delivery desk: every issued document and every notice that is due is sent, once per key.

*Messages to send = due − sent.* Of documents the journal says which are due; of notices their sources do. Rendering
and sending happen while no transaction is open; what was left on its way is sent again under the same id (law L16).
"""

from .desk import Delivery
from .sending import DeliveryReport, LetterWriter, NoticeWriter

__all__ = ["Delivery", "DeliveryReport", "LetterWriter", "NoticeWriter"]
