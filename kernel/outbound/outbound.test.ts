import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { checkAddress, isInternal } from './address.ts';
import { OutboundError, openOutbound } from './outbound.ts';

let server: Server;
let address: string;
before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/drip') {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 5);
      return void response.on('close', () => clearInterval(drip));
    }
    if (request.url === '/away') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      return void setTimeout(() => response.destroy(), 20);
    }
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => response.end(`${request.method} ${body} ${request.headers['x-key'] ?? ''}`));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const reasonOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof OutboundError, String(error));
    return error.reason;
  }
  return 'none';
};

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('addresses within the house, of nobody, and disguised ones are internal; public ones are not', () => {
  const internal = [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'no address',
  ];
  for (const one of internal) assert.equal(isInternal(one), true, one);
  for (const one of ['8.8.8.8', '172.32.0.1', '113.160.0.1', '2405:4800::1', '::ffff:8.8.8.8'])
    assert.equal(isInternal(one), false, one);
});

test('what is refused before anything is asked of the network', () => {
  const none = new Set<string>();
  const refused: Record<string, string> = {
    'ftp://example.org/': 'no-address',
    'file:///etc/passwd': 'no-address',
    hello: 'no-address',
    'http://example.org/': 'not-https',
    'https://user:secret@example.org/': 'credentials',
    'https://127.0.0.1/': 'internal',
    'https://[::1]/': 'internal',
    'https://localhost/': 'internal',
    'https://LOCALHOST./': 'internal',
    'https://db/': 'internal',
    'https://2130706433/': 'internal',
    'https://0x7f.1/': 'internal',
  };
  for (const [url, reason] of Object.entries(refused)) assert.equal(checkAddress(url, none), reason, url);
  assert.ok(checkAddress('https://example.org/x', none) instanceof URL);
  assert.ok(checkAddress('http://10.0.0.5:8443/', new Set(['10.0.0.5:8443'])) instanceof URL);
  assert.equal(checkAddress('http://10.0.0.5:9/', new Set(['10.0.0.5:8443'])), 'not-https');
});

test('a name that leads into the house is refused when it is resolved', async () => {
  const asked: string[] = [];
  const outbound = openOutbound([], (name, _options, done) => {
    asked.push(name);
    done(null, [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]);
  });
  assert.equal(
    await reasonOf(() => outbound.send({ method: 'GET', url: 'https://inside.example.org/' })),
    'internal',
  );
  assert.deepEqual(asked, ['inside.example.org']);
});

test('a peer is called over plain HTTP with method, headers and body; redirects are answers', async () => {
  const outbound = openOutbound([address]);
  const answer = await outbound.send({
    method: 'POST',
    url: `http://${address}/`,
    headers: { 'x-key': 'k' },
    body: 'chào',
  });
  assert.deepEqual([answer.status, await textOf(answer.body)], [200, 'POST chào k']);
  const away = await outbound.send({ method: 'GET', url: `http://${address}/away` });
  assert.equal(away.status, 302);
});

test('an answer that comes drop by drop ends when its time is over', async () => {
  const outbound = openOutbound(['127.0.0.1']);
  const drip = outbound.send({ method: 'GET', url: `http://${address}/drip`, patience: 10_000, within: 60 });
  await assert.rejects(async () => textOf((await drip).body), OutboundError);
});

test('silence, size, a cut body and a dead address are told apart', async () => {
  const outbound = openOutbound(['127.0.0.1']);
  const get = (path: string, more: object = {}) =>
    outbound.send({ method: 'GET', url: `http://${address}${path}`, ...more });
  assert.equal(await reasonOf(() => get('/silent', { patience: 50 })), 'timeout');
  assert.equal(await reasonOf(async () => textOf((await get('/', { most: 2 })).body)), 'too-large');
  assert.equal(await reasonOf(async () => textOf((await get('/cut')).body)), 'unreachable');
  assert.equal(
    await reasonOf(() => outbound.send({ method: 'GET', url: 'http://127.0.0.1:1/' })),
    'unreachable',
  );
});
