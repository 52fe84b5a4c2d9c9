"""What is open now: data, runs, selection, undo, the project file, and the tasks that workers do. No Qt."""
