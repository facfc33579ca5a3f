import assert from 'node:assert/strict';
import { afterEach, before, test } from 'node:test';

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static last: FakeSource;
  readyState = 1;
  onopen = () => {};
  onerror = () => {};
  onmessage = (_event: { data: string }) => {};
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.last = this;
  }
  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
  refuse(topic: string): void {
    this.dispatchEvent(new MessageEvent('refused', { data: JSON.stringify({ topic, text: 'không được' }) }));
  }
}

let push: typeof import('./push.ts');
const stops: (() => void)[] = [];
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

before(async () => {
  Object.assign(globalThis, { window: globalThis, EventSource: FakeSource });
  push = await import('./push.ts');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await soon();
});

test('a topic that the server refuses makes the page say that it does not update, the others are delivered', async () => {
  const heard: unknown[] = [];
  stops.push(
    push.listen('hang-doi/25D02', (message) => heard.push(message)),
    push.listen('tin', (message) => heard.push(message)),
  );
  await soon();
  FakeSource.last.onopen();
  assert.equal(push.isUnheard(), false);
  FakeSource.last.refuse('hang-doi/25D02');
  FakeSource.last.onmessage({ data: '{"topic":"tin","message":"xong"}' });
  assert.deepEqual([push.isUnheard(), heard], [true, ['xong']]);
  stops[0]!();
  assert.equal(push.isUnheard(), false, 'a screen that is left no longer counts');
});

test('when the server takes none of the topics the page says so until it does', async () => {
  stops.push(push.listen('tin', () => undefined));
  await soon();
  const source = FakeSource.last;
  source.readyState = FakeSource.CLOSED;
  source.onerror();
  assert.equal(push.isUnheard(), true);
  source.onopen();
  assert.equal(push.isUnheard(), false);
});
