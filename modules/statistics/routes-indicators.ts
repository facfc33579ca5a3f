/** `/api/statistics/indicators`: the dictionary, and values by unit and month. */
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Boundary, boundariesOf } from './boundaries.ts';
import {
  type IndicatorDefinition,
  type IndicatorValue,
  indicatorOn,
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
    const rows = indicatorsOn(kernel.content, today).map(({ key, from, value }) => ({
      key,
      version: from,
      ...value,
    }));
    return { rows };
  });

  app.get<{ Params: { key: string }; Querystring: { from?: string; to?: string } }>(
    '/api/statistics/indicators/:key',
    async (request): Promise<IndicatorAnswer> => {
      const actor = kernel.gate.require(request, ...READERS);
      const last = shiftPeriod(periodOf('month', vietnamDay(kernel.settings.now())), -1);
      const to = monthOf(request.query.to, last, 'to');
      const from = monthOf(request.query.from, shiftPeriod(to, -5), 'from');
      const periods = monthsBetween(from, to);
      const { key, from: version, value } = indicatorOn(kernel.content, request.params.key, lastDay(periods));
      const seen = await unitsSeen(kernel, actor, KINDS);
      const { values, former, counted } = await indicatorValues(
        kernel.pool,
        kernel.content,
        value,
        seen,
        periods,
      );
      await kernel.gate.session(request).note('read', `indicator ${key} ${from}..${to}`, null);
      return {
        indicator: { key, version, ...value },
        units: seen.filter(({ id }) => !former.some(({ unit }) => unit.id === id)),
        former: former.map((one) => ({ ...one, into: intoOf(kernel, one.unit.id) })),
        periods,
        values,
        counted: countedAnswer(kernel.pool, counted),
      };
    },
  );
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
