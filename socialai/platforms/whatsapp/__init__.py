from socialai.platforms.whatsapp.adapter import WhatsApp

__all__ = ["WhatsApp"]
