/** Parameters of history. R4 http.html#history: _since, _at, _list, _count, order and paging links. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
/** Instants at which versions 1 to 4 of Organization/h were made; 4 is a deletion. */
const made: string[] = [];
before(async () => {
  world = await openFhirWorld();
  for (const name of ['một', 'hai', 'ba']) {
    const answer = await world.send('PUT', '/fhir/Organization/h', {
      resourceType: 'Organization',
      id: 'h',
      name,
    });
    made.push(answer.body.meta.lastUpdated);
    await world.send('PUT', `/fhir/Location/${['a', 'b', 'c'][made.length - 1]}`, {
      resourceType: 'Location',
      id: ['a', 'b', 'c'][made.length - 1],
      name,
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await world.send('DELETE', '/fhir/Organization/h');
  const { body } = await world.send('GET', '/fhir/Organization/h/_history');
  made.push(body.entry[0].response.lastModified);
});
after(() => world.stop());

interface Entry {
  fullUrl: string;
  response: { etag: string };
}
const get = (query: string) => world.send('GET', `/fhir/${query}`);
/** `h2 h1` */
const versions = async (query: string) => {
  const answer = await get(query);
  assert.equal(answer.status, 200, answer.text);
  return ((answer.body.entry ?? []) as Entry[])
    .map(({ fullUrl, response }) => fullUrl.split('/').at(-1) + /\d+/.exec(response.etag)![0])
    .join(' ');
};
const at = (instant: string) => encodeURIComponent(instant);

test('_sort: newest first unless _lastUpdated is asked for; any other order is refused', async () => {
  assert.equal(await versions('Organization/h/_history'), 'h4 h3 h2 h1');
  assert.equal(await versions('Organization/h/_history?_sort=-_lastUpdated'), 'h4 h3 h2 h1');
  assert.equal(await versions('Organization/h/_history?_sort=_lastUpdated'), 'h1 h2 h3 h4');
  assert.equal(await versions('Organization/_history?_sort=_lastUpdated'), 'h1 h2 h3 h4');
  assert.equal((await get('Organization/_history?_sort=name')).status, 400);
  assert.equal((await get('Organization/_history?_count=1&_count=2')).status, 400);
  const counted = (await get('Organization/_history?_count=0')).body;
  const { total } = (await get('Organization/_history?_count=1000')).body;
  assert.ok(total > 0);
  assert.deepEqual([counted.total, counted.entry], [total, undefined]);
});

test('pages lead through everything once, in both orders, and carry a link to the first', async () => {
  for (const scope of ['Organization/h/_history', 'Organization/_history', '_history']) {
    for (const order of ['_lastUpdated', '-_lastUpdated']) {
      const whole = await versions(`${scope}?_sort=${order}`);
      let url: string | undefined = `${scope}?_sort=${order}&_count=2`;
      const seen: string[] = [];
      while (url !== undefined) {
        seen.push(await versions(url));
        const { link } = (await get(url)).body as { link: { relation: string; url: string }[] };
        assert.ok(
          link.find(({ relation }) => relation === 'first')!.url.endsWith(`${scope}?_sort=${order}&_count=2`),
        );
        url = link.find(({ relation }) => relation === 'next')?.url.replace(/^.*\/fhir\//, '');
      }
      assert.equal(seen.filter((one) => one !== '').join(' '), whole, `${scope} ${order}`);
    }
  }
});

test('_at: the versions that were current at some point of the time', async () => {
  for (const scope of ['Organization/h/_history', 'Organization/_history']) {
    assert.equal(await versions(`${scope}?_at=${at(made[1]!)}`), 'h2', scope);
    const between = new Date((Date.parse(made[0]!) + Date.parse(made[1]!)) / 2).toISOString();
    assert.equal(await versions(`${scope}?_at=${at(between)}`), 'h1', scope);
    assert.equal(await versions(`${scope}?_at=2001`), '', scope);
    assert.equal(await versions(`${scope}?_at=2999`), 'h4', `${scope}: it is deleted then`);
    assert.equal(await versions(`${scope}?_at=${made[0]!.slice(0, 4)}`), 'h4 h3 h2 h1', scope);
  }
  assert.equal((await get('Organization/_history?_at=yesterday')).status, 400);
});

test('_since: made then or later', async () => {
  for (const scope of ['Organization/h/_history', 'Organization/_history'])
    assert.equal(await versions(`${scope}?_since=${at(made[2]!)}`), 'h4 h3', scope);
});

test('_list: only what a List names', async () => {
  await world.send('PUT', '/fhir/List/l', {
    resourceType: 'List',
    id: 'l',
    status: 'current',
    mode: 'working',
    entry: ['Organization/h', 'Location/b', 'https://elsewhere/Location/c'].map((reference) => ({
      item: { reference },
    })),
  });
  assert.equal(await versions('_history?_list=l'), 'h4 h3 b1 h2 h1');
  assert.equal(await versions('Location/_history?_list=List/l'), 'b1');
  assert.equal(await versions('Location/a/_history?_list=l'), '');
  assert.equal((await get('_history?_list=absent')).status, 404);
  assert.equal((await get('_history?_list=$current-problems')).status, 400);
});

test('a deleted version is read as gone, the versions before it as they were (R4 http.html#vread)', async () => {
  assert.equal((await get('Organization/h/_history/4')).status, 410);
  const first = await get('Organization/h/_history/1');
  assert.deepEqual([first.status, first.body.name, first.headers.get('etag')], [200, 'một', 'W/"1"']);
  assert.equal((await get('Organization/h/_history/5')).status, 404);
});

test('HEAD of every read has the headers of GET and no body', async () => {
  for (const path of [
    'Location/a',
    'Location/a/_history/1',
    'Location?name=x',
    '_history',
    'Location/a/_history',
    'metadata',
  ]) {
    const head = await world.send('HEAD', `/fhir/${path}`);
    const whole = await get(path);
    assert.deepEqual([head.status, head.text], [whole.status, ''], path);
    for (const name of ['etag', 'last-modified', 'content-type'])
      assert.equal(head.headers.get(name), whole.headers.get(name), `${name} of ${path}`);
  }
});

test('the first version tells how it came to be: POST to the type, or PUT to an id of the client', async () => {
  const posted = (await world.send('POST', '/fhir/Patient', { resourceType: 'Patient' })).body;
  const told = async (name: string) =>
    (await get(`${name}/_history`)).body.entry.map(
      (one: { request: object; response: { status: string } }) => [one.request, one.response.status],
    );
  assert.deepEqual(await told(`Patient/${posted.id}`), [[{ method: 'POST', url: 'Patient' }, '201']]);
  assert.deepEqual(await told('Location/a'), [[{ method: 'PUT', url: 'Location/a' }, '201']]);
});
