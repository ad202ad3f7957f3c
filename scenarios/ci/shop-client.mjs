// Asks the shop whose port is in that file: `health`, `stock`, or `buy` so many times, one after another.
import { readFileSync } from 'node:fs';

const [portFile, what, times = '1'] = process.argv.slice(2);
const address = `http://127.0.0.1:${readFileSync(portFile, 'utf8')}/${what}`;
for (let n = 0; n < Number(times); n += 1) {
  const response = await fetch(address, { method: what === 'buy' ? 'POST' : 'GET' });
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(`${address}: ${response.status} ${text}`);
  if (what !== 'buy') process.stdout.write(`${text}\n`);
}
