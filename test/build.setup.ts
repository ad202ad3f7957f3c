import { execFileSync } from 'node:child_process';

/** Tests of real hosts run what ships, so the build is made once before all of them. */
export function setup(): void {
  if (process.env['CONCUR_TEST_NO_BUILD'] === '1') return;
  execFileSync(process.execPath, ['build.js'], { stdio: 'inherit' });
}
