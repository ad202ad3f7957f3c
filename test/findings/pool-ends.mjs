// Ends one pool with its workers, and closes another.
export function end({ terminate, close }, context) {
  context.terminate(terminate);
  context.close(close, { immediate: true });
}

// Starts a task.
export function begin(task, context) {
  context.start(task);
}
