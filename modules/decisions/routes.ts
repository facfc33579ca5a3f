/** The board of rules over HTTP: list, one rule, its state, runs over the past. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type Rule, type RuleState, stateOf, versionsOn } from '../../engines/rules/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Organization, Practitioner, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../kernel/kernel.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { addDays, isDay, vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { countCards, rowOf, sharesOf } from './board.ts';
import type { RuleRow, Share, TrialView } from './contract.ts';
import { decide, rulesOf, switchesOf } from './switches.ts';
import { requireAlone, runTrial } from './trials/run.ts';
import { beginTrial, lastTrial, readTrial, resumeTrial, stopTrial, type Trial } from './trials/table.ts';
import { per100, TrialTally } from './trials/tally.ts';

const READERS = ['content-officer', 'administrator', 'province-operator', 'station-head'] as const;
const DECIDERS = ['content-officer', 'administrator'] as const;
const STATES: readonly RuleState[] = ['live', 'silent', 'off'];
const PAGE = 20;
const LONGEST_TEXT = 200;
const LONGEST_NOTE = 500;
/** Days of the past that a run looks at when nobody says. */
const TRIAL_DAYS = 90;
const MOST_TRIAL_DAYS = 366;

interface AtRule {
  Params: { key: string };
}
interface AtTrial {
  Params: { id: string };
}

export function decisionRoutes(app: FastifyInstance, kernel: Kernel): void {
  const { pool, settings, content, gate } = kernel;
  const today = () => vietnamDay(settings.now());
  const rulesToday = async () => versionsOn((await rulesOf(kernel)).rules, today());
  const ruleAt = async (key: string): Promise<Rule> => {
    const found = (await rulesToday()).find((rule) => rule.key === key);
    if (found) return found;
    throw new Failure('not-found', `Không có quy tắc "${key}" đang hiệu lực.`, {
      textEn: `No rule "${key}" is in force.`,
    });
  };
  const rows = async (
    rules: readonly Rule[],
    session: RecordSession,
    withExamples = true,
  ): Promise<RuleRow[]> => {
    const [switches, { counts, reasons }] = await Promise.all([
      switchesOf(kernel),
      countCards(pool, settings.now()),
    ]);
    return Promise.all(
      rules.map(async (rule) => {
        const decision =
          switches.find((one) => one.rule === rule.key && one.version === rule.version) ?? null;
        const trial = await lastTrial(pool, rule.key, rule.version);
        const row = rowOf(rule, {
          state: stateOf(rule, switches),
          decision,
          counts,
          reasons,
          content,
          day: today(),
        });
        const shares = withExamples ? await namedShares(rule.key, session) : NO_SHARES;
        return { ...row, ...shares, trial: trial && (await trialView(trial, session, withExamples)) };
      }),
    );
  };

  /** Who overrides is a matter of who answers for the content, and of the head of her own unit. */
  const namedShares = async (key: string, session: RecordSession): Promise<Shares> => {
    const { roles, unit } = session.actor;
    const seesAll = DECIDERS.some((role) => roles.includes(role));
    const isHead = roles.includes('station-head') && unit !== null;
    const { byUnit, byPerson, byMonth } = await sharesOf(pool, key, settings.now(), seesAll ? null : unit);
    const persons = seesAll || isHead ? byPerson : [];
    const [units, names] = await Promise.all([
      titlesOf(session, 'Organization', byUnit),
      titlesOf(session, 'Practitioner', persons),
    ]);
    const titled = (titles: Map<string, string>) => (one: Omit<Share, 'title'>) => ({
      ...one,
      title: titles.get(one.name) ?? one.name,
    });
    return {
      byUnit: byUnit.map(titled(units)),
      byPerson: persons.map(titled(names)),
      byMonth: byMonth.map(titled(new Map())),
    };
  };

  app.get<{ Querystring: { q?: string; cursor?: string } }>('/api/decisions/rules', async (request) => {
    gate.require(request, ...READERS);
    const { q = '', cursor = '' } = request.query;
    const words = foldText(q.slice(0, LONGEST_TEXT));
    const found = (await rulesToday())
      .filter((rule) =>
        foldText([rule.key, rule.title, rule.titleEn, rule.description, rule.owner].join(' ')).includes(
          words,
        ),
      )
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const from = found.filter(({ key }) => key > cursor);
    const page = from.slice(0, PAGE);
    return {
      rows: await rows(page, gate.session(request), false),
      ...(from.length > PAGE ? { next: page.at(-1)!.key } : {}),
    };
  });

  app.get<AtRule>('/api/decisions/rules/:key', async (request) => {
    gate.require(request, ...READERS);
    return (await rows([await ruleAt(request.params.key)], gate.session(request)))[0];
  });

  app.post<AtRule>('/api/decisions/rules/:key/state', async (request) => {
    const actor = gate.require(request, ...DECIDERS);
    const rule = await ruleAt(request.params.key);
    const { state, note } = readDecision(request.body);
    if (state === 'live' && rule.silent && !(await lastTrial(pool, rule.key, rule.version, 'done')))
      throw new Failure('business-rule', 'Quy tắc mới phải chạy thử trên đơn cũ xong trước khi bật.', {
        textEn: 'A new rule is run over the past to its end before it is switched on.',
        expression: 'state',
      });
    await decide(pool, {
      rule: rule.key,
      version: rule.version,
      state,
      account: actor.id,
      name: actor.name,
      note,
      at: settings.now(),
    });
    const session = gate.session(request);
    await session.note('update', `rule ${rule.key} ${rule.version} ${state}`, null);
    return (await rows([rule], session))[0];
  });

  app.post<AtRule>('/api/decisions/rules/:key/trials', async (request) => {
    const actor = gate.require(request, ...DECIDERS);
    const rule = await ruleAt(request.params.key);
    const { from, to } = readDays(request.body, today());
    const id = randomUUID();
    requireAlone(
      await beginTrial(pool, {
        id,
        rule: rule.key,
        version: rule.version,
        account: actor.id,
        name: actor.name,
        from,
        to,
        beganAt: settings.now(),
        result: new TrialTally().result(),
      }),
    );
    const session = gate.session(request);
    await session.note('read', `trial of rule ${rule.key} ${rule.version} over ${from}..${to}`, null);
    await carryOn((await readTrial(pool, id))!, rule);
    return trialView((await readTrial(pool, id))!, session);
  });

  /** Nobody waits for the end of a run; how far it is stands in its row. */
  const carryOn = async ({ id, from, to, result }: Trial, rule: Rule): Promise<void> => {
    const { memberOf } = await rulesOf(kernel);
    runTrial(kernel, { id, rule, memberOf, from, to, tally: new TrialTally(result) }).catch(
      (error: unknown) =>
        process.stderr.write(
          `${vietnamInstant(new Date())} trial of rule ${rule.key} failed: ${error instanceof Error ? error.stack : String(error)}\n`,
        ),
    );
  };

  app.get<AtTrial>('/api/decisions/trials/:id', async (request) => {
    gate.require(request, ...READERS);
    return trialView(await trialAt(request.params.id), gate.session(request));
  });

  app.post<AtTrial>('/api/decisions/trials/:id/stop', async (request) => {
    gate.require(request, ...DECIDERS);
    await trialAt(request.params.id);
    await stopTrial(pool, request.params.id);
    return trialView(await trialAt(request.params.id), gate.session(request));
  });

  app.post<AtTrial>('/api/decisions/trials/:id/resume', async (request) => {
    gate.require(request, ...DECIDERS);
    const trial = await trialAt(request.params.id);
    const rule = await ruleAt(trial.rule);
    if (rule.version !== trial.version)
      throw new Failure('conflict', 'Quy tắc đã có bản mới. Hãy chạy thử lại từ đầu.', {
        textEn: 'The rule has a newer version. Try it from the beginning.',
      });
    requireAlone(await resumeTrial(pool, trial.id, settings.now()));
    const session = gate.session(request);
    await session.note('read', `trial of rule ${rule.key} ${rule.version} goes on`, null);
    await carryOn(trial, rule);
    return trialView(await trialAt(trial.id), session);
  });

  async function trialAt(id: string): Promise<Trial> {
    const found = /^[0-9a-f-]{36}$/.test(id) ? await readTrial(pool, id).catch(() => null) : null;
    if (found) return found;
    throw new Failure('not-found', 'Không có lần chạy thử này.', { textEn: 'There is no such trial.' });
  }

  /** Lists tell no examples: each that is shown is a reading of the record. */
  async function trialView(
    { result, ...trial }: Trial,
    session: RecordSession,
    withExamples = true,
  ): Promise<TrialView> {
    const seen = withExamples
      ? await Promise.all(result.examples.map((one) => maySee(session, one.reference)))
      : [];
    const units = await titlesOf(session, 'Organization', result.byUnit);
    return {
      id: trial.id,
      state: trial.state,
      name: trial.name,
      from: trial.from,
      to: trial.to,
      beganAt: trial.beganAt.toISOString(),
      acts: result.acts,
      alerted: result.alerted,
      faults: result.faults,
      rate: per100(result),
      byHook: (result.byHook ?? []).map((one) => ({ ...one, rate: per100(one) })),
      byRole: result.byRole.map((one) => ({ ...one, rate: per100(one) })),
      byUnit: result.byUnit.map((one) => ({
        ...one,
        rate: per100(one),
        title: units.get(one.name) ?? one.name,
      })),
      examples: result.examples.filter((_, at) => seen[at]),
      hidden: seen.filter((one) => !one).length,
    };
  }
}

/** An example is of a person: it is shown to who may read its resource, and the reading stands in the audit. */
async function maySee(session: RecordSession, reference: string): Promise<boolean> {
  const [type, id] = reference.split('/') as [ResourceType, string];
  if (session.reach('read', type) === 'none') return false;
  return session.readStored(type, id).then(
    () => true,
    () => false,
  );
}

type Shares = Pick<RuleRow, 'byUnit' | 'byPerson' | 'byMonth'>;
const NO_SHARES: Shares = { byUnit: [], byPerson: [], byMonth: [] };

/** Names of units or practitioners, as far as the reader may see them. */
async function titlesOf(
  session: RecordSession,
  type: 'Organization' | 'Practitioner',
  shares: readonly { name: string }[],
): Promise<Map<string, string>> {
  const known = shares.flatMap(({ name }) => (name === '' ? [] : [name])).slice(0, 100);
  if (known.length === 0 || session.reach('search', type) === 'none') return new Map();
  const { matches } = await session.search(type, [
    ['_id', known.join(',')],
    ['_count', '100'],
  ]);
  return new Map(matches.map((one) => [one.id ?? '', nameOf(one) ?? one.id ?? '']));
}

function nameOf(one: Organization | Practitioner): string | undefined {
  if (one.resourceType === 'Organization') return one.name;
  const [name] = one.name ?? [];
  return name?.text ?? [name?.family, ...(name?.given ?? [])].filter(Boolean).join(' ');
}

function readDecision(body: unknown): { state: RuleState; note: string } {
  const { state, note } = (body ?? {}) as { state?: unknown; note?: unknown };
  if (!STATES.includes(state as RuleState))
    throw wrong(
      'state',
      'Chọn trạng thái: bật, chạy thầm hoặc tắt.',
      `state is one of ${STATES.join(', ')}.`,
    );
  if (typeof note !== 'string' || note.trim() === '' || note.length > LONGEST_NOTE)
    throw wrong(
      'note',
      `Ghi lý do (tối đa ${LONGEST_NOTE} ký tự): ai duyệt, dựa vào đâu.`,
      `note says why, in at most ${LONGEST_NOTE} characters.`,
    );
  return { state: state as RuleState, note: note.trim() };
}

function readDays(body: unknown, today: string): { from: string; to: string } {
  const given = (body ?? {}) as { from?: unknown; to?: unknown };
  const to = dayIn(given.to, 'to', today);
  const from = dayIn(given.from, 'from', addDays(to, -TRIAL_DAYS));
  if (from > to) throw wrong('from', 'Ngày đầu phải trước ngày cuối.', 'from must not be after to.');
  if (from < addDays(to, -MOST_TRIAL_DAYS))
    throw wrong(
      'from',
      `Tối đa ${MOST_TRIAL_DAYS} ngày một lần chạy.`,
      `A trial spans at most ${MOST_TRIAL_DAYS} days.`,
    );
  return { from, to };
}

function dayIn(value: unknown, name: string, fallback: string): string {
  if (value === undefined || value === '') return fallback;
  if (typeof value === 'string' && isDay(value)) return value;
  throw wrong(name, 'Ngày không có thật. Hãy chọn lại ngày.', `${name} is not a day.`);
}

function wrong(place: string, text: string, textEn: string): Failure {
  return new Failure('business-rule', text, { textEn, expression: place });
}
