"""The CRM desk: parties and their roles, the client file that every desk fills, and what is known of a person."""

from .desk import Crm

__all__ = ["Crm"]
