/** Numbers of a report that are unlike those of the unit's own year before, or of its peers for their people: questions, never faults. */
import type { Pool } from 'pg';
import { ASKED_FROM, FEWEST, medianOf, type Sheet, scoreOf } from '../../engines/reports/index.ts';
import type { Actor } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { isInPlace } from './boundaries.ts';
import type { SheetKey } from './entries.ts';
import { type Form, formOf } from './forms.ts';
import { daysOfPeriod, monthsOf, shiftPeriod } from './period.ts';
import { peopleOn } from './population.ts';
import { manySheets } from './sheets.ts';
import { wordsOf } from './words.ts';

export interface Question {
  cell: string;
  value: number;
  /** Unlike its own periods before, or unlike other units for a thousand people. */
  against: 'own' | 'peers';
  /** What is usual: of the own periods, or what the unit would have at the peers' median rate. */
  usual: number;
  score: number;
  answer: { text: string; byName: string; at: Date } | null;
}

const BEFORE = 12;
const MOST = 20;

/** What is asked about a report. */
export interface Asked {
  rows: Question[];
  /** Some numbers to compare with are still being counted: more may be asked. */
  waiting: boolean;
}

/** @param freshness `soon`: a long first count of what is compared with is not waited for */
export async function questionsOf(
  pool: Pool,
  content: Content,
  key: SheetKey,
  freshness: 'kept' | 'soon' = 'kept',
): Promise<Asked> {
  const form = formOf(content, key.form, key.period);
  // Months before a change of boundaries are those of other units: nobody is asked why the unit differs from them.
  const before = Array.from({ length: BEFORE }, (_, at) => shiftPeriod(key.period, -1 - at)).filter(
    (period) => isInPlace(content, key.unit, daysOfPeriod(period).end),
  );
  const { end } = daysOfPeriod(key.period);
  const units = (await peersOf(pool, form)).filter(({ id }) => isInPlace(content, id, end));
  const [own, month] = await Promise.all([
    manySheets(pool, form, [key.unit], [key.period, ...before], freshness),
    manySheets(
      pool,
      form,
      units.map(({ id }) => id),
      [key.period],
      freshness,
    ),
  ]);
  const sheet = own.sheets.get(`${key.unit} ${key.period}`)!;
  const past = before.map((period) => own.sheets.get(`${key.unit} ${period}`)!).filter(hasNumbers);
  const year = monthsOf(key.period)[0]!.slice(0, 4);
  const rates = units.flatMap(({ id, unitCode }): Peer[] => {
    const people = peopleOn(content, unitCode, year, {});
    const other = month.sheets.get(`${id} ${key.period}`);
    return people && other && hasNumbers(other) ? [{ id, people, sheet: other }] : [];
  });
  const found = askable(form).flatMap((cell) => [
    ...againstOwn(cell, sheet, past),
    ...againstPeers(cell, key.unit, rates),
  ]);
  return {
    rows: await withAnswers(pool, key, worst(found)),
    waiting: own.waiting.size + month.waiting.size > 0,
  };
}

type Found = Omit<Question, 'answer'>;

interface Peer {
  id: string;
  people: number;
  sheet: Sheet;
}

/** Cells that are counted or typed; what is made of them is not asked about twice. */
const askable = ({ plan }: Form): string[] =>
  [...plan.cells.values()].flatMap((cell) =>
    cell.kind === 'typed' || (cell.kind === 'counted' && cell.measure !== 'average') ? [cell.cell] : [],
  );

/** A period in which the unit wrote and did nothing is none to be compared with. */
const hasNumbers = (sheet: Sheet): boolean =>
  [...sheet.values()].some(({ value }) => value !== null && value !== 0);

export function againstOwn(cell: string, sheet: Sheet, past: readonly Sheet[]): Found[] {
  const value = sheet.get(cell)?.value ?? null;
  const others = past.flatMap((other) => other.get(cell)?.value ?? []);
  const unusual = value === null ? null : scoreOf(value, others);
  if (value === null || unusual === null || Math.abs(unusual.score) < ASKED_FROM) return [];
  return [{ cell, value, against: 'own', usual: unusual.median, score: unusual.score }];
}

/** Compared for the people of the commune: a large station is not unusual for being large. */
export function againstPeers(cell: string, unit: string, peers: readonly Peer[]): Found[] {
  const mine = peers.find(({ id }) => id === unit);
  const value = mine?.sheet.get(cell)?.value ?? null;
  if (!mine || value === null) return [];
  const others = peers
    .filter(({ id }) => id !== unit)
    .flatMap(({ people, sheet }) => {
      const number = sheet.get(cell)?.value ?? null;
      return number === null ? [] : [(number / people) * mine.people];
    });
  const unusual = scoreOf(value, others);
  if (unusual === null || others.length < FEWEST || Math.abs(unusual.score) < ASKED_FROM) return [];
  return [{ cell, value, against: 'peers', usual: medianOf(others), score: unusual.score }];
}

/** One question a cell, the strangest first. */
function worst(found: readonly Found[]): Found[] {
  const byCell = new Map<string, Found>();
  for (const one of found.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score)))
    if (!byCell.has(one.cell)) byCell.set(one.cell, one);
  return [...byCell.values()].slice(0, MOST);
}

async function peersOf(pool: Pool, { plan }: Form): Promise<{ id: string; unitCode: string | null }[]> {
  const { rows } = await pool.query<{ id: string; unitCode: string | null }>(
    `select resource_key as id, unit_code as "unitCode" from views.unit where kind = any($1)`,
    [plan.definition.units],
  );
  return rows;
}

async function withAnswers(pool: Pool, key: SheetKey, found: readonly Found[]): Promise<Question[]> {
  const { rows } = await pool.query<{ cell: string; value: number; text: string; byName: string; at: Date }>(
    `select distinct on (cell) cell, value, text, by_name as "byName", at from statistics.answer
     where form = $1 and unit = $2 and period = $3 order by cell, at desc`,
    [key.form, key.unit, key.period],
  );
  const answers = new Map(rows.map(({ cell, value, ...answer }) => [`${cell} ${value}`, answer]));
  return found.map((one) => ({ ...one, answer: answers.get(`${one.cell} ${one.value}`) ?? null }));
}

/** Words to questions: who wrote them, and when. */
export interface Answering {
  actor: Actor;
  at: Date;
}

/**
 * Keeps words for cells that are asked about.
 * @param answers words by cell
 * @returns all questions of the report, with the words
 * @throws Failure `invalid-parameter` without words, `not-found` when nothing is asked about a cell
 */
export async function answerQuestions(
  pool: Pool,
  content: Content,
  key: SheetKey,
  answers: ReadonlyMap<string, string>,
  by: Answering,
): Promise<Question[]> {
  const { rows: asked } = await questionsOf(pool, content, key);
  const lines = [...answers].map(([cell, said]) => {
    const text = wordsOf(said, `answers.${cell}`);
    const question = asked.find((one) => one.cell === cell);
    if (text === '') throw noWords(cell);
    if (!question) throw notAsked(cell);
    return { cell, value: question.value, text };
  });
  if (lines.length === 0) return asked;
  await pool.query(
    `insert into statistics.answer (form, unit, period, cell, value, text, by, by_name, at)
     select $1, $2, $3, cell, value, text, $7, $8,
       greatest($9, (select max(a.at) + interval '1 millisecond' from statistics.answer a
                     where a.form = $1 and a.unit = $2 and a.period = $3 and a.cell = said.cell))
     from unnest($4::text[], $5::float8[], $6::text[]) as said (cell, value, text)`,
    [
      key.form,
      key.unit,
      key.period,
      lines.map(({ cell }) => cell),
      lines.map(({ value }) => value),
      lines.map(({ text }) => text),
      by.actor.id,
      by.actor.name,
      by.at,
    ],
  );
  return withAnswers(pool, key, asked);
}

const noWords = (cell: string) =>
  new Failure('invalid-parameter', 'Ghi lý do của con số này.', {
    textEn: `say why the number ${cell} is right`,
    expression: `answers.${cell}`,
  });

const notAsked = (cell: string) =>
  new Failure('not-found', `Ô “${cell}” không có câu hỏi nào.`, {
    textEn: `nothing is asked about the cell "${cell}"`,
    expression: `answers.${cell}`,
  });
