"""What a load says afterwards: counts that add up, problems and questions in words, rows to be mended."""
