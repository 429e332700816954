"""What connects billing to the world outside: databases, documents, mail, screens. Import the one you use."""
