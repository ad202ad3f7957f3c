/**
 * A hundred times `node -e 0`, two at a time: what starting so many Node processes costs by itself on this machine.
 */
import { spawn } from 'node:child_process';

const count = Number(process.argv[2] ?? 100);
let started = 0;

function next() {
  if (started === count) return;
  started += 1;
  spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('close', (code) => {
    if (code !== 0) throw new Error(`node -e 0 ended with ${code}`);
    next();
  });
}

next();
next();
