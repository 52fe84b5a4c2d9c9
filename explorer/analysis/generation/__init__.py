"""How generated data are judged against real ones, and against controls that show what a measure cannot see."""
