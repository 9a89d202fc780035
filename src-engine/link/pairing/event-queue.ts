/** Runs tasks one after another, also when a task brings the next: none sees another half done. */
export function createEventQueue(): (task: () => void) => void {
  const waiting: (() => void)[] = [];
  let running = false;
  return (task) => {
    waiting.push(task);
    if (running) return;
    running = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) next();
    } finally {
      running = false;
    }
  };
}
