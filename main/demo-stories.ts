/**
 * Lets the demo accounts do what the screens of privacy and forms tell of: `content/demo/stories.json`, one request after the other, through the
 * same routes as anybody's. So policy decides on them and the audit has true lines; nothing is written behind its back.
 */
import type { FastifyInstance } from 'fastify';
import { vietnamDay, vietnamInstant } from '../kernel/text/vietnam-time.ts';
import { DEMO_PASSWORD } from './demo.ts';
import { readFact, writeFact } from './facts.ts';
import type { House } from './house.ts';

interface Step {
  /** Demo account. */
  who: string;
  /** `GET /fhir/…`; `{name}` is what an earlier step kept, `{me}` the citizen, `{child}` a child of theirs; days and instants by the clock of the program. */
  does: string;
  with?: object;
  /** Version that the account has seen (If-Match). */
  seen?: number;
  /** Status; default any success. */
  expect?: number;
  /** Name under which the id of the answer, or of the first row of it, goes on. */
  keep?: string;
}

const CITIZEN = 'congdan';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;

/** Once in a database, when its people are there. What a step is answered otherwise than expected is logged, and the next one is done. */
export async function tellStories(
  app: FastifyInstance,
  { kernel, access }: House,
  log: (sentence: string) => void,
): Promise<void> {
  if ((await readFact(kernel.pool, 'demo-stories')) !== null) return;
  const me = (await access.accounts.read(CITIZEN))?.person;
  if (!me) return;
  await app.ready();
  const cookies = new Map<string, string>();
  const asked = async (who: string, method: string, url: string, payload?: object, seen?: number) => {
    const answer = await app.inject({
      method: method as 'GET' | 'POST' | 'PUT',
      url,
      headers: {
        ...(cookies.has(who) ? { cookie: cookies.get(who)! } : {}),
        ...(seen === undefined ? {} : { 'if-match': `"${seen}"` }),
      },
      ...(payload ? { payload } : {}),
    });
    const cookie = answer.cookies.find(({ name }) => name.endsWith('yba_session'));
    if (cookie) cookies.set(who, `${cookie.name}=${cookie.value}`);
    return answer;
  };
  const steps = kernel.content.json<Step[]>('demo/stories');
  const actors = [...new Set(steps.map(({ who }) => who))];
  for (const who of actors)
    await asked(who, 'POST', '/api/access/sign-in', { username: who, password: DEMO_PASSWORD });
  const { persons } = (await asked(CITIZEN, 'GET', '/api/access/me')).json() as { persons: string[] };
  const now = kernel.settings.now().getTime();
  const known: Record<string, string> = {
    me,
    child: persons[1] ?? me,
    inAYear: vietnamDay(new Date(now + YEAR_MS)),
    today: vietnamDay(new Date(now)),
    inTwoWeeks: vietnamDay(new Date(now + 14 * DAY_MS)),
    fiveDaysAgo: vietnamDay(new Date(now - 5 * DAY_MS)),
    hourAgo: vietnamInstant(new Date(now - HOUR_MS)),
    now: vietnamInstant(new Date(now)),
  };
  for (const step of steps) {
    const [method = '', url = ''] = filled(step.does, known).split(' ');
    const payload = step.with && (JSON.parse(filled(JSON.stringify(step.with), known)) as object);
    const { statusCode, body } = await asked(step.who, method, url, payload, step.seen);
    const asExpected = step.expect === undefined ? statusCode < 300 : statusCode === step.expect;
    if (!asExpected)
      log(`content/demo/stories.json: ${step.who} ${step.does}: ${statusCode} ${body.slice(0, 300)}`);
    else if (step.keep !== undefined) known[step.keep] = idIn(JSON.parse(body)) ?? 'none';
  }
  for (const who of actors) await asked(who, 'POST', '/api/access/sign-out');
  await writeFact(kernel.pool, 'demo-stories', { on: vietnamDay(kernel.settings.now()) });
}

function filled(text: string, known: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole);
}

function idIn(body: { id?: string; rows?: { id: string }[]; entry?: { resource: { id: string } }[] }) {
  return body.entry?.[0]?.resource.id ?? body.rows?.[0]?.id ?? body.id;
}
