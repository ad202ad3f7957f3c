// A function that comes to its end when it is told to.
export async function serve(_input, context) {
  context.signal('up');
  // It may be told to stop before it listens: whoever waits for `up` goes on at once.
  await new Promise((resolve) => {
    if (context.stopping.aborted) resolve();
    else context.stopping.addEventListener('abort', resolve);
  });
  process.stdout.write('bye\n');
}

// One that looks now and then.
export function compute(_input, context) {
  context.signal('computing');
  while (!context.stopping.aborted);
  context.print('has stopped');
}

// And one that does not care.
export function spin(_input, context) {
  context.signal('spinning');
  for (;;);
}
