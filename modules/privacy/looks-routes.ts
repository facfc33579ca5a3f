/** `/api/citizen/looks…`: who looked at my record. */
import type { FastifyInstance } from 'fastify';
import { auditLine } from '../../kernel/access/audit.ts';
import { accountNames, type LookGroup, readLookLines, readLooks } from '../../kernel/access/looks/looks.ts';
import { type LookWords, readLookWords, type Words } from '../../kernel/access/looks/words.ts';
import { type Context, personAsked } from './context.ts';

/** One reader on one day, in words. */
export interface LookRow {
  id: string;
  day: string;
  who: string;
  name: string;
  /** The program itself, in words; null when it was somebody. */
  program: Words | null;
  roles: string[];
  unit: string | null;
  unitName: string | null;
  lines: number;
  first: string;
  last: string;
  acts: Words[];
  why: Words[];
  /** Reason stated in an emergency; null when it is not for the guardian's eyes, or there is none. */
  reason: string | null;
  emergency: boolean;
  refused: number;
  /** The citizen's own look, or that of who stands for the person. */
  own: boolean;
}

const PAGE = 30;
const MOST = 200;
const LINES = 100;

type Query = { Querystring: Record<string, string | undefined> };

export function looksRoutes(app: FastifyInstance, context: Context): void {
  const { kernel } = context;
  const words = readLookWords(kernel.content);

  app.get<Query>('/api/citizen/looks', async (request) => {
    const { patient: named, from, to, unit, cursor, count } = request.query;
    const { actor, patient, dependant } = await personAsked(context, request, named);
    await kernel.store.audit([auditLine(actor, 'search', 'AuditEvent', patient)]);
    const page = await readLooks(kernel.pool, {
      patient,
      ...(from && { from }),
      ...(to && { to }),
      ...(unit && { unit }),
      ...(cursor && { before: cursor }),
      count: Math.min(Math.max(Number(count) || PAGE, 1), MOST),
    });
    const silent = dependant !== null && dependant.veiled.length > 0;
    const rows = await rowsOf(context, words, page.groups, actor.id, silent);
    return { rows, ...(page.next === undefined ? {} : { next: page.next }) };
  });

  app.get<Query>('/api/citizen/looks/lines', async (request) => {
    const { patient: named, day = '', who = '', cursor } = request.query;
    const { patient } = await personAsked(context, request, named);
    const before = cursor === undefined ? {} : { before: cursor };
    const asked = { patient, day, who, count: LINES, ...before };
    const { rows, next } = await readLookLines(kernel.pool, kernel.settings.now(), asked);
    return {
      rows: rows.map(({ id, at, action, what, why, outcome }) => ({
        id,
        at,
        act: words.act(action, what),
        why: words.why(why),
        refused: outcome === 'refused',
      })),
      ...(next === undefined ? {} : { next }),
    };
  });
}

/** @param self account of who asks @param silent reasons are not for the eyes of who asks */
export async function rowsOf(
  context: Context,
  words: LookWords,
  groups: readonly LookGroup[],
  self: string,
  silent: boolean,
): Promise<LookRow[]> {
  const accounts = await accountNames(
    context.kernel.pool,
    groups.map(({ who }) => who),
  );
  const names = await context.namesOf(
    groups.flatMap(({ unit, whoDisplay }) => [
      ...(unit === null ? [] : [`Organization/${unit}`]),
      whoDisplay,
    ]),
  );
  return groups.map((group) => {
    const { day, who, whoDisplay, unit, acts, why, emergency, refused, lines, first, last } = group;
    const purposes = why.map((one) => words.why(one));
    const reason = purposes.find((one) => one.reason !== null)?.reason ?? null;
    const account = accounts.get(who);
    return {
      id: `${day} ${who} ${unit ?? ''}`,
      day,
      who,
      name: names.get(whoDisplay) ?? account?.name ?? whoDisplay.replace(/^(Client|Practitioner)\//, ''),
      program: words.program(who),
      roles: account?.roles ?? [],
      unit,
      unitName: unit === null ? null : (names.get(`Organization/${unit}`) ?? unit),
      lines,
      first,
      last,
      acts: distinct(acts.map(({ action, what }) => words.act(action, what))),
      why: distinct(purposes.map(({ vi, en }) => ({ vi, en }))),
      reason: silent ? null : reason,
      emergency,
      refused,
      own: who === self,
    };
  });
}

function distinct(all: readonly Words[]): Words[] {
  return [...new Map(all.map((one) => [one.vi, one])).values()];
}
