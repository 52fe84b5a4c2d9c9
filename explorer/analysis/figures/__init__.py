"""Figures for papers, drawn by matplotlib, with the numbers behind them."""
