/** A websocket client on loopback: for tests. */
import { WebSocket } from 'ws';
import { type Read, readNotification, until } from './subscriber.testing.ts';

export interface SocketClient {
  ws: WebSocket;
  /** Everything that was heard, in order. */
  heard: string[];
  say(text: string): void;
  /** The first text that fits; it is waited for. */
  hears(pattern: RegExp): Promise<string>;
  notifications(): Read[];
  /** Code and reason of the close; it is waited for. */
  closed: Promise<{ code: number; reason: string }>;
}

/** @param address of the program, `http://…` @throws Error with the status and the body when the upgrade is refused */
export function openSocket(
  address: string,
  authorization?: string,
  path = '/fhir/ws',
): Promise<SocketClient> {
  const headers = authorization === undefined ? {} : { headers: { authorization } };
  const ws = new WebSocket(`${address.replace(/^http/, 'ws')}${path}`, headers);
  const heard: string[] = [];
  ws.on('message', (data) => void heard.push(data.toString('utf8')));
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
  );
  return new Promise((resolve, reject) => {
    ws.on('error', reject);
    ws.on('unexpected-response', (_request, answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => reject(new Error(`${answer.statusCode} ${body}`)));
    });
    ws.on('open', () =>
      resolve({
        ws,
        heard,
        say: (text) => ws.send(text),
        hears: (pattern) => until(() => heard.find((one) => pattern.test(one)), `${pattern} in ${heard}`),
        notifications: () => heard.filter((one) => one.includes('"Bundle"')).map(readNotification),
        closed,
      }),
    );
  });
}
