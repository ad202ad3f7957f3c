// A server that says when it listens, and needs some time to stop.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('ok'));
server.on('error', (error) => {
  process.stdout.write(`error ${error.code}\n`);
  process.exit(9);
});
server.listen(59881, '127.0.0.1', () => process.stdout.write('up\n'));
process.on('SIGTERM', () => {
  setTimeout(() => {
    process.stdout.write('bye\n');
    process.exit(0);
  }, Number(process.env.STOP_MS));
});
