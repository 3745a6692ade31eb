"""What is shown on paper: pictures and documents, bytes out, no database."""
