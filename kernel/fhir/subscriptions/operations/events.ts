/** `Subscription/[id]/$events`: events of the past, as one notification Bundle. */
import { auditLine } from '../../../access/audit.ts';
import { Failure } from '../../../failure.ts';
import type { Store } from '../../../store/contract.ts';
import { unknownOrWrong } from '../../http/context.ts';
import { CONTENTS, extensionsOf, type PayloadContent, topicOf } from '../backport.ts';
import { MOST_EVENTS } from '../definition.ts';
import type { SubscriptionEvent } from '../event-log.ts';
import { readHeard } from '../hearing.ts';
import { notificationBytes } from '../notification.ts';
import { tellEvents } from '../telling.ts';
import type { StatusParts } from './status.ts';

export interface EventsParts extends StatusParts {
  store: Store;
  now(): Date;
}

interface EventsAsk {
  since?: number;
  until?: number;
  content?: PayloadContent;
}

/** Whoever reads them reads the record, as far as the reader may see it now: a line of the audit for each person. */
export async function answerEvents(
  parts: EventsParts,
  id: string,
  params: readonly [string, string][],
): Promise<Buffer> {
  const { session, topics, store, log, base, now } = parts;
  const ask = readEventsParams(params);
  const subscription = await readHeard(session, { topics, log }, id);
  const topic = topics.find(topicOf(subscription) ?? '');
  if (!topic) {
    throw new Failure('not-supported', 'Chỉ đăng ký theo chủ đề mới giữ sự kiện.', {
      textEn: `Subscription/${id} is not topic-based: its events are not kept.`,
    });
  }
  const content = ask.content ?? ((extensionsOf(subscription).content ?? 'empty') as PayloadContent);
  const count = (await log.states([id])).get(id)!.events;
  const told = await tellEvents(
    { store, hearer: session },
    topic,
    content,
    await find(parts, id, ask, count),
  );
  const lines = told.persons.map(({ what, patient }) =>
    auditLine(session.actor, 'read', `${what} (Subscription/${id}/$events)`, patient),
  );
  if (lines.length > 0) await session.audit(lines);
  const asked = {
    base,
    id,
    topic: topic.url,
    status: subscription.status,
    type: 'query-event' as const,
    content,
    events: count,
  };
  return notificationBytes(asked, told.events, now().toISOString());
}

function find(
  { log }: EventsParts,
  id: string,
  { since, until = Number.MAX_SAFE_INTEGER }: EventsAsk,
  count: number,
): Promise<SubscriptionEvent[]> {
  const last = Math.min(until, count);
  return log.between(id, since ?? last - MOST_EVENTS + 1, last, MOST_EVENTS);
}

function readEventsParams(params: readonly [string, string][]): EventsAsk {
  const ask: EventsAsk = {};
  for (const [name, value] of params) {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    if (name === 'eventsSinceNumber' && number !== undefined && ask.since === undefined) ask.since = number;
    else if (name === 'eventsUntilNumber' && number !== undefined && ask.until === undefined)
      ask.until = number;
    else if (name === 'content' && (CONTENTS as readonly string[]).includes(value))
      ask.content = value as PayloadContent;
    else throw unknownOrWrong(name, value, ['eventsSinceNumber', 'eventsUntilNumber', 'content']);
  }
  return ask;
}
