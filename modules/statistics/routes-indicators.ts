/** `/api/statistics/indicators`: the dictionary, and values by unit and month. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Content } from '../../kernel/content/content.ts';
import type { Dated } from '../../kernel/content/dated.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Boundary, boundariesOf, isInPlace } from './boundaries.ts';
import { formulaWords, type Tongue } from './cell-words.ts';
import {
  type IndicatorDefinition,
  type IndicatorValue,
  indicatorShown,
  indicatorsOn,
  indicatorValues,
  lastDay,
  monthsBetween,
} from './indicators.ts';
import { kindOfPeriod, periodOf, shiftPeriod } from './period.ts';
import { READERS, type ReportingUnit, unitsSeen } from './reach.ts';
import { type CountedAnswer, countedAnswer } from './recount.ts';

/** One indicator of the dictionary. */
export interface DictionaryEntry extends IndicatorDefinition {
  key: string;
  version: string;
  /** Both sides in the words of the forms; the denominator is null where people are. */
  words: Record<Tongue, { numerator: string; denominator: string | null }>;
}

/** A definition as it is shown. @param day on which the forms that it names are looked up */
export function entryOf(
  content: Content,
  { key, from, value }: Dated<IndicatorDefinition>,
  day: string,
): DictionaryEntry {
  const said = (tongue: Tongue) => ({
    numerator: formulaWords(content, day, value.numerator, tongue),
    denominator:
      typeof value.denominator === 'string' ? formulaWords(content, day, value.denominator, tongue) : null,
  });
  return { key, version: from, ...value, words: { vi: said('vi'), en: said('en') } };
}

export interface IndicatorAnswer {
  indicator: DictionaryEntry;
  units: ReportingUnit[];
  periods: string[];
  /** Unit '' is all of them together. */
  values: IndicatorValue[];
  /** Units that were merged or divided meanwhile, with their own series, and into which units of now they went. */
  former: { unit: ReportingUnit; until: string; into: Boundary[]; values: IndicatorValue[] }[];
  counted: CountedAnswer;
}

/** Kinds of units that have a commune and its people. */
const KINDS = ['tram-y-te'];

export function indicatorRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get('/api/statistics/indicators', async (request) => {
    kernel.gate.require(request, ...READERS);
    const today = vietnamDay(kernel.settings.now());
    const rows = indicatorsOn(kernel.content, today).map((one) => entryOf(kernel.content, one, today));
    return { rows };
  });

  app.get<{ Params: { key: string }; Querystring: { from?: string; to?: string } }>(
    '/api/statistics/indicators/:key',
    async (request): Promise<IndicatorAnswer> => indicatorAnswer(kernel, request, 'read'),
  );
}

export interface IndicatorAsked {
  Params: { key: string };
  Querystring: { from?: string; to?: string };
}

/** What leaves the house is whole; a screen does not wait for a long first count. */
export async function indicatorAnswer(
  kernel: Kernel,
  request: FastifyRequest<IndicatorAsked>,
  act: 'read' | 'export',
): Promise<IndicatorAnswer> {
  const actor = kernel.gate.require(request, ...READERS);
  const { pool, content } = kernel;
  const today = vietnamDay(kernel.settings.now());
  const last = shiftPeriod(periodOf('month', today), -1);
  const to = monthOf(request.query.to, last, 'to');
  const from = monthOf(request.query.from, shiftPeriod(to, -5), 'from');
  const periods = monthsBetween(from, to);
  const { definition, day } = indicatorShown(content, request.params.key, periods, today);
  const seen = await unitsSeen(kernel, actor, KINDS);
  const freshness = act === 'read' ? 'soon' : 'kept';
  const made = await indicatorValues(pool, content, definition.value, seen, periods, freshness);
  await kernel.gate.session(request).note(act, `indicator ${definition.key} ${from}..${to}`, null);
  return {
    indicator: entryOf(content, definition, day),
    units: seen.filter(({ id }) => isInPlace(content, id, lastDay(periods))),
    former: made.former.map((one) => ({ ...one, into: intoOf(kernel, one.unit.id) })),
    periods,
    values: made.values,
    counted: countedAnswer(pool, made.counted),
  };
}

const intoOf = ({ content }: Kernel, unit: string) =>
  boundariesOf(content).filter(({ from }) => from === unit);

function monthOf(asked: string | undefined, usual: string, name: string): string {
  if (asked === undefined || asked === '') return usual;
  if (kindOfPeriod(asked) === 'month') return asked;
  throw new Failure('invalid-parameter', `Tháng “${asked}” không có. Ghi như 2026-10.`, {
    textEn: `"${asked}" is no month; write it like 2026-10`,
    expression: name,
  });
}
