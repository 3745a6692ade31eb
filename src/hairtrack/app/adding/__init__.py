"""Adding photographs: where they come from, their check, their verdict, their outline."""
