"""Normal forms of what people and clerks type. Plain functions of strings; odd text raises nothing."""
