/** Serves the sample app on an origin of its own, on loopback: for the tests, and for whoever tries it (`npm run smart-app`). */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ServedApp extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  origin: string;
}

const FILES: Record<string, string> = {
  '/index.html': 'text/html; charset=utf-8',
  '/app.js': 'text/javascript',
};

/** @param at port; 0 = any that is free */
export async function serveApp(at = 0): Promise<ServedApp> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://app').pathname;
    const type = FILES[path];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(readFileSync(join(import.meta.dirname, path)));
  });
  await new Promise<void>((done) => server.listen(at, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

if (import.meta.main) {
  const { origin } = await serveApp(Number(process.env.PORT ?? 9300));
  const page = `${origin}/index.html`;
  const scopes = 'openid fhirUser offline_access launch launch/patient patient/*.rs';
  process.stdout.write(`The sample app is at ${page}?iss=http://127.0.0.1:8080/fhir

Register it once with the program, in another window:
  npx yba client add sample-app --name "Biểu đồ huyết áp" --grants code,refresh --public --redirect ${page} --launch ${page} --scopes "${scopes}"
`);
}
