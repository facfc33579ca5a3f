/** A port of plain HTTP beside HTTPS that only leads there. */
import { createServer, type Server } from 'node:http';
import { listenFault } from './listening.ts';

const HOST = /^(\[[0-9a-f:]+\]|[a-z0-9.-]{1,253})(:\d{1,5})?$/i;

/** @param address of the program: its host when the request names none that a browser could have asked for */
export async function startRedirect(port: number, bind: string, address: string): Promise<Server> {
  const own = new URL(address);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const host = HOST.exec(request.headers.host ?? '')?.[1] ?? own.hostname;
    const path = request.url?.startsWith('/') && !request.url.startsWith('//') ? request.url : '/';
    response.setHeader('Connection', 'close');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      // What was sent went over the line in clear: the sender must notice, not be helped along.
      return void response
        .writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' })
        .end('HTTPS only.\n');
    }
    const target = `https://${host}${own.port === '' ? '' : `:${own.port}`}${path}`;
    response.writeHead(308, { Location: target, 'Content-Length': '0' }).end();
  });
  server.maxHeadersCount = 100;
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFault(error, port, bind)));
    server.listen(port, bind, () => resolve());
  });
  return server;
}
