// A function that leaves a child behind.
import { spawn } from 'node:child_process';

export function leaveChild() {
  spawn('sleep', ['301'], { stdio: 'ignore', detached: true }).unref();
}
