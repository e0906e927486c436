"""The rules that turn written texts into values: dates, money, ids, texts; each as one SQL expression."""
