"""The spelling of what people read: British English, and the words of this field."""
