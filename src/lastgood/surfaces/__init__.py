"""Ways in and out. Each imports the workbench and the model, nothing else."""
