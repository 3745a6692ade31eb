"""Adding photographs: sources, checks, filing, results, outline."""
