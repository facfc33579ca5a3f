/**
 * Single resources written over HTTP with validation, policy and audit: an Observation of a person who is there, one request each.
 * `node bench/create.ts [resources] [seconds]`
 */
import { report } from './bench.ts';
import { fiveTimes } from './peer.ts';
import { type Asked, latency } from './questions.ts';
import { withReading } from './reading.ts';
import { visitBundle } from './visit-bundle.ts';
import { askFor } from './wire.ts';

const RESOURCES = Number(process.argv[2] ?? 20_000);
const SECONDS = Number(process.argv[3] ?? 8);
const AT_ONCE = 16;
/** Until the followers have gone over to their thread (main/follower) and the code is compiled. */
const WARM_SECONDS = 20;
const MADE_AHEAD = 5_000;

/** Bytes of a POST; ids are given by the server. */
function createBytes({ address, authorization, lives }: Asked, n: number): Buffer {
  const { id } = lives.people[(n * 7_919) % lives.people.length]!;
  const { id: _own, ...resource } = visitBundle(id, (type) => `${type}-of-no-visit`).find(
    ({ resourceType }) => resourceType === 'Observation',
  )!;
  const body = Buffer.from(JSON.stringify({ ...resource, encounter: undefined }));
  const head = `POST /fhir/Observation HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/fhir+json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

await withReading(RESOURCES, async (reading) => {
  const requests = Array.from({ length: MADE_AHEAD }, (_, n) => createBytes(reading, n));
  const create = (seconds: number) =>
    askFor(reading.address, AT_ONCE, seconds, (n) => requests[n % MADE_AHEAD]!, 201);
  await create(WARM_SECONDS);
  const load = await create(SECONDS);
  report({
    bench: 'create',
    what: `an Observation a request, among ${reading.lives.resources} resources, ${AT_ONCE} at once`,
    figures: [
      { name: 'creates', value: load.rate, unit: '/s', bar: fiveTimes('creates') },
      latency('a create', load, 0.5),
      latency('a create', load, 0.95),
    ],
  });
});
