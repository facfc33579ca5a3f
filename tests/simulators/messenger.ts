/** A telephone company's gateway for tests: takes messages over HTTP as docs/integrate/messenger.md says, and fails, is late or repeats when told to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Message {
  id: string;
  to: string;
  text: string;
}

export interface MessengerSimulator extends AsyncDisposable {
  address: string;
  /** `host:port`, for YBA_PEERS. */
  peer: string;
  /** What reached phones, in order; a message that was sent twice stands there once. */
  delivered: Message[];
  /** Every request, with its status. */
  requests: { message: Message; status: number; authorization: string | undefined }[];
  /** Statuses of the next answers, then 202 again; 0 cuts the connection after the message was taken. */
  answerNext(...statuses: number[]): void;
  /** Milliseconds before each answer. */
  delay(ms: number): void;
  /** Phones get every message twice, as bad lines do. */
  repeat(on: boolean): void;
  /** The next message to a phone that was not asked for yet. Fails after ten seconds. */
  next(to: string): Promise<Message>;
}

export async function openMessengerSimulator(): Promise<MessengerSimulator> {
  const delivered: Message[] = [];
  const requests: MessengerSimulator['requests'] = [];
  const asked = new Map<string, number>();
  let statuses: number[] = [];
  let late = 0;
  let twice = false;
  const deliver = (message: Message) => {
    if (twice || !delivered.some(({ id }) => id === message.id)) delivered.push(message);
    if (twice) delivered.push(message);
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Message;
    await pause(late);
    const status = statuses.shift() ?? 202;
    requests.push({ message, status, authorization: request.headers.authorization });
    if (status === 0 || status < 300) deliver(message);
    if (status === 0) return void request.socket.destroy();
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: message.id }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  return {
    address: `http://127.0.0.1:${port}/messages`,
    peer: `127.0.0.1:${port}`,
    delivered,
    requests,
    answerNext(...next) {
      statuses = next;
    },
    delay(ms) {
      late = ms;
    },
    repeat(on) {
      twice = on;
    },
    async next(to) {
      for (let waited = 0; waited < 10_000; waited += 20) {
        const mine = delivered.filter((message) => message.to === to);
        const seen = asked.get(to) ?? 0;
        if (mine.length > seen) {
          asked.set(to, mine.length);
          return mine.at(-1)!;
        }
        await pause(20);
      }
      throw new Error(`no message to ${to}`);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
