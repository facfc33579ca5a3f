/** Bodies and lines that are made to break or to exhaust what reads them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type AttackWorld, isSafe, openAttackWorld, raw, statusOf } from './attacker.testing.ts';

let world: AttackWorld;
let authorization: string;
before(async () => {
  world = await openAttackWorld();
  authorization = `Bearer ${await world.token()}`;
});
after(() => world.stop());

const XXE = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><id value="&f;"/></Patient>`;
const LAUGHS = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">${'cdefghij'
  .split('')
  .map((name, at) => `<!ENTITY ${name} "${`&${'bcdefghi'[at]};`.repeat(8)}">`)
  .join('')}]><l>&j;</l>`;

test('XML is read nowhere: neither entities of files nor of entities do anything', async () => {
  for (const xml of [XXE, LAUGHS]) {
    for (const type of ['application/fhir+xml', 'application/xml', 'text/xml', 'image/svg+xml']) {
      for (const path of [
        '/fhir/Patient',
        '/fhir',
        '/fhir/$validate',
        '/api/people',
        '/api/access/sign-in',
        '/fhir/Patient/$validate',
      ]) {
        const answer = await world.bare('POST', path, xml, { authorization, 'content-type': type });
        isSafe(answer, `${path} ${type}`);
        assert.ok(answer.status >= 400, `${path} ${type}: ${answer.status}`);
        assert.equal(answer.text.includes('root:'), false);
        if (path.startsWith('/api') && answer.status === 415)
          assert.match(answer.text, /send application\/json\./, 'each door says what it takes');
      }
    }
  }
  const narrative = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    text: {
      status: 'generated',
      div: `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><div xmlns="http://www.w3.org/1999/xhtml">&f;<script>alert(1)</script></div>`,
    },
  });
  assert.ok(narrative.status >= 400 && narrative.status < 500, narrative.text.slice(0, 200));
});

test('deep, wide, repeated and endless JSON is refused or read, and the program goes on', async () => {
  const deep = (open: string, close: string, times: number) =>
    `{"resourceType":"Patient","extension":${open.repeat(times)}1${close.repeat(times)}}`;
  const bombs: Record<string, string> = {
    'deep arrays': deep('[', ']', 100_000),
    'deep objects': deep('{"a":', '}', 100_000),
    'a hundred thousand names': `{"resourceType":"Patient",${Array.from({ length: 100_000 }, (_, n) => `"n${n}":1`).join()}}`,
    'one name many times': `{"resourceType":"Patient",${'"active":true,'.repeat(50_000)}"active":false}`,
    'a long number': `{"resourceType":"Patient","multipleBirthInteger":${'9'.repeat(200_000)}}`,
    'an exponent': `{"resourceType":"Observation","valueQuantity":{"value":1e999999999}}`,
    prototype: `{"resourceType":"Patient","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
    'half a letter': `{"resourceType":"Patient","name":[{"text":"\\ud800"}]}`,
    cut: `{"resourceType":"Patient"`,
    'no text': '',
    'only spaces': ' '.repeat(1_000_000),
    'not UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('latin1'),
  };
  for (const [what, body] of Object.entries(bombs)) {
    for (const path of [
      '/fhir/Patient',
      '/fhir',
      '/fhir/Patient/$validate',
      '/api/access/sign-in',
      '/api/people',
    ]) {
      const answer = await world.bare('POST', path, body, {
        authorization,
        'content-type': path.startsWith('/api') ? 'application/json' : 'application/fhir+json',
      });
      assert.ok(answer.status < 500, `${what} at ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  }
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.equal((await world.bare('GET', '/healthz')).status, 200);
});

test('a packed body is not unpacked, and one that is too large is 413', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip']) {
    for (const path of ['/fhir/Patient', '/api/people']) {
      const answer = await world.bare('POST', path, bomb, {
        authorization,
        'content-encoding': encoding,
        'content-type': path.startsWith('/api') ? 'application/json' : 'application/fhir+json',
      });
      isSafe(answer, `${path} ${encoding}`);
      assert.ok([400, 415].includes(answer.status), `${path} ${encoding}: ${answer.status}`);
    }
  }
  const large = await world.bare('POST', '/api/people', `"${'x'.repeat(6_000_000)}"`, {
    authorization,
    'content-type': 'application/json',
  });
  assert.equal(large.status, 413);
  const { host } = new URL(world.program.address);
  const announced = await raw(
    world.program.address,
    `POST /fhir/Patient HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/fhir+json\r\nContent-Length: 99999999999\r\n\r\n`,
  );
  assert.equal(statusOf(announced), 413, announced.slice(0, 200));
});

test('requests that two readers would read in two ways are refused, and no second one hides in the first', async () => {
  const { host } = new URL(world.program.address);
  const hidden = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const smuggled: Record<string, string> = {
    'length and chunks': `POST /fhir/Patient HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    'two lengths': `POST /fhir/Patient HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    'a coding that is not the last': `POST /fhir/Patient HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    'a space before the colon': `GET / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding : chunked\r\n\r\n${hidden}`,
    'a folded line': `GET / HTTP/1.1\r\nHost: ${host}\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n`,
    'two hosts': `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    'two tokens': `GET /fhir/Patient HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n`,
    'no host': `GET / HTTP/1.1\r\n\r\n`,
    'a length with a sign': `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: +5\r\n\r\nabcde`,
    'a line of another kind': `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03`,
    'a zero in a header': `GET / HTTP/1.1\r\nHost: ${host}\r\nX: a\x00b\r\n\r\n`,
  };
  for (const [what, text] of Object.entries(smuggled)) {
    const said = await raw(world.program.address, text, 1_000);
    assert.equal(statusOf(said), 400, `${what}: ${said.slice(0, 120)}`);
    assert.equal(said.match(/HTTP\/1\.1 /g)?.length, 1, `${what}: one answer`);
  }
  const many = await raw(
    world.program.address,
    `GET / HTTP/1.1\r\nHost: ${host}\r\n${'X-A: b\r\n'.repeat(3_000)}\r\n`,
  );
  assert.equal(statusOf(many), 431);
});

test('an address in full is its path: nothing is kept by a cache or opened because it begins otherwise', async () => {
  const { host } = new URL(world.program.address);
  const ask = (target: string) =>
    raw(
      world.program.address,
      `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
    );
  const whole = await ask('http://evil.example/fhir/Patient?_count=1');
  assert.equal(statusOf(whole), 200, whole.slice(0, 200));
  assert.match(whole, /cache-control: no-store/i);
  assert.match(
    whole,
    /"url":"http:\/\/evil\.example\/fhir\/Patient\?_count=1"/,
    'the authority counts, not Host',
  );
  for (const target of ['evil.example:80', 'ftp://evil.example/fhir/Patient', 'http://'])
    assert.match(await ask(target), /^HTTP\/1\.1 40[04]/, target);
});

test('what a request says of proxies is believed of named ones only', async () => {
  const forwarded = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  for (const path of [
    '/fhir/.well-known/smart-configuration',
    '/.well-known/openid-configuration',
    '/fhir/metadata',
    '/fhir/Patient?_count=1',
  ]) {
    const answer = await world.bare('GET', path, undefined, { authorization, ...forwarded });
    assert.equal(answer.status, 200, path);
    assert.equal(answer.text.includes('evil.example'), false, path);
  }
});

test('methods that nobody needs are refused, TRACE gives nothing back', async () => {
  const { host } = new URL(world.program.address);
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'DEBUG', 'get']) {
    for (const path of ['/', '/fhir/Patient', '/api/access/me']) {
      const said = await raw(
        world.program.address,
        `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Secret: not-to-be-repeated\r\nConnection: close\r\n\r\n`,
        1_000,
      );
      const status = statusOf(said);
      assert.ok(status === 0 || (status >= 400 && status < 500), `${method} ${path}: ${said.slice(0, 100)}`);
      assert.equal(said.includes('not-to-be-repeated'), false);
    }
  }
});

test('no path leads out of the folders of pages, exports and attachments', async () => {
  const { host } = new URL(world.program.address);
  const ups = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '..\\',
    '..%5c',
    '....//',
    '..%252f',
    '%c0%ae%c0%ae/',
    '..%00/',
  ];
  const job = '00000000-0000-0000-0000-000000000000';
  for (const up of ups) {
    for (const start of [
      '/',
      '/assets/',
      '/fhir/Binary/',
      `/fhir/_job/${job}/files/`,
      '/api/documents/',
      '/.well-known/',
    ]) {
      for (const target of ['etc/passwd', 'package.json', 'keys/master.key']) {
        const path = `${start}${up.repeat(8)}${target}`;
        const said = await raw(
          world.program.address,
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
          1_000,
        );
        assert.ok(statusOf(said) < 500, `${path}: ${said.slice(0, 100)}`);
        assert.doesNotMatch(said, /root:x:|"dependencies"|master keys/, path);
      }
    }
  }
});
