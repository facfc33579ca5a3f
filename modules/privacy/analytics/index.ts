/** Privacy analytics: rules of content over the lines of the audit. */
import type { FastifyInstance } from 'fastify';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { forgetHabits, openFollower } from './follow.ts';
import { openPeople } from './people.ts';
import { ALERTS_TOPIC, alertRoutes } from './routes.ts';
import { readRules } from './rules.ts';

const EVERY_MS = 20_000;
const DAY_MS = 86_400_000;

const rulesOn = (kernel: Kernel, day: string) =>
  readRules(kernel.content.inForce('access/privacy-rules', day));
const today = (kernel: Kernel) => vietnamDay(kernel.settings.now());

export function mountAnalytics(
  app: FastifyInstance,
  kernel: Kernel,
  namesOf: Parameters<typeof alertRoutes>[3],
): void {
  alertRoutes(app, kernel, () => rulesOn(kernel, today(kernel)), namesOf);
}

/** Judges what is new every twenty seconds; what fails is tried again the next time. */
export function startAnalytics(kernel: Kernel): void {
  const { pool, store, settings, events } = kernel;
  events.allowTopic(ALERTS_TOPIC, (actor) => actor.roles.includes('privacy-officer'));
  const people = openPeople(store, pool, settings.now);
  const rules = (day: string) => rulesOn(kernel, day);
  const judgeNew = openFollower({
    pool,
    people,
    rules,
    onAlert: (id) => events.publish(ALERTS_TOPIC, { id }),
  });
  let busy = false;
  const follow = async () => {
    if (busy) return;
    busy = true;
    await judgeNew().catch(() => undefined);
    busy = false;
  };
  // At once: where it begins the first time is the moment of the start, not some seconds later.
  void follow();
  setInterval(follow, EVERY_MS).unref();
  setInterval(() => forgetHabits(pool, today(kernel)).catch(() => undefined), DAY_MS).unref();
}
