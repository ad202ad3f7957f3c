// A small shop: GET /stock, POST /buy, GET /health. It counts how many requests it works on at once, refuses more than it
// was built for, and writes the port that the system gave it into the file it is told.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [portFile, limit] = process.argv.slice(2);
let stock = 100;
let atWork = 0;

const server = createServer((request, response) => {
  const reply = (status, body) => response.writeHead(status).end(`${body}\n`);
  if (request.url === '/health') return reply(200, 'well');
  if (atWork >= Number(limit)) return reply(503, 'too many at once');
  atWork += 1;
  setTimeout(() => {
    atWork -= 1;
    if (request.url === '/buy') stock -= 1;
    reply(200, stock);
  }, 20);
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  writeFileSync(portFile, `${port}`);
  process.stdout.write(`the shop listens on port ${port}\n`);
});
