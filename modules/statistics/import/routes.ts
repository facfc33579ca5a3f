/**
 * `POST /api/statistics/import`: numbers of a file into reports. Without `write` the answer says what each line would do; with it all of
 * them are written or none. Nothing is passed over: a wrong line is refused unless the sender leaves it out by its number.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Actor } from '../../../kernel/access/contract.ts';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { formerUnits } from '../boundaries.ts';
import { type SheetKey, writeEntries } from '../entries.ts';
import { formOf, formsOn } from '../forms.ts';
import { daysOfPeriod, kindOfPeriod } from '../period.ts';
import { isProvince, READERS, requireOwn, unitSeen } from '../reach.ts';
import { headOf, readSheet } from '../sheets.ts';
import { inTransaction, lockSheet } from '../steps.ts';
import { isWritten, type JudgedLine, judge, placeOf, type Target, writtenValue } from './judge.ts';
import { type FileLine, readFile } from './lines.ts';

const LARGEST = 8 * 1024 * 1024;
const MOST_SHEETS = 200;
const LONGEST_REASON = 500;

interface ImportBody {
  /** The file, base64. */
  content?: unknown;
  /** The report that is open; a spreadsheet needs it. */
  form?: unknown;
  unit?: unknown;
  period?: unknown;
  write?: { token?: unknown; reason?: unknown; leaveOut?: unknown };
}

export interface ImportAnswer {
  kind: 'csv' | 'adx' | 'xlsx';
  lines: JudgedLine[];
  notes: { text: string; textEn: string }[];
  /** Says what was seen: what is written must be what was shown. */
  token: string;
  /** True when the lines have been written. */
  written: boolean;
}

export function importRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post<{ Body: ImportBody }>(
    '/api/statistics/import',
    { bodyLimit: 2 * LARGEST },
    async (request): Promise<ImportAnswer> => {
      const actor = kernel.gate.require(request, ...READERS);
      const body = request.body ?? {};
      const file = readFile(bytesOf(body.content), openedOf(kernel, body));
      const named = withKeys(kernel.content, file.lines);
      const targets = await targetsOf(kernel, actor, named);
      const lines = judge(named, targets);
      const token = createHash('sha256').update(JSON.stringify(lines)).digest('base64url');
      const answer = { kind: file.kind, lines, notes: file.notes, token };
      if (body.write === undefined) return { ...answer, written: false };
      const kept = chosenLines(lines, token, body.write);
      await writeLines(kernel, actor, kept, targets, reasonOf(body.write.reason));
      await kernel.gate.session(request).note('update', `reports from a ${file.kind} file`, null);
      return { ...answer, written: true };
    },
  );
}

function bytesOf(content: unknown): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : Buffer.alloc(0);
  if (bytes.length > 0 && bytes.length <= LARGEST) return bytes;
  throw new Failure('invalid-parameter', 'Tệp trống, hoặc lớn quá 8 MB.', {
    textEn: '"content" must be a file in base64, not empty and of at most 8 MB',
    expression: 'content',
  });
}

/** A file may name a form by its key or by its printed code. */
function withKeys(content: Content, lines: readonly FileLine[]): FileLine[] {
  const keys = new Map<string, string>();
  return lines.map((line) => {
    const said = `${line.period} ${line.form}`;
    if (!keys.has(said)) keys.set(said, keyOfForm(content, line));
    return { ...line, form: keys.get(said)! };
  });
}

function keyOfForm(content: Content, { form, period }: SheetKey): string {
  if (kindOfPeriod(period) === null) return form;
  const { end } = daysOfPeriod(period);
  return (
    formsOn(content, end).find(({ key, plan }) => key === form || plan.definition.code === form)?.key ?? form
  );
}

function openedOf({ content }: Kernel, { form, unit, period }: ImportBody) {
  if (typeof form !== 'string' || typeof unit !== 'string' || typeof period !== 'string') return null;
  return { form, unit, period, plan: formOf(content, form, period).plan };
}

/** Each report that a line names, as it stands, or why nothing can be written in it. */
async function targetsOf(
  kernel: Kernel,
  actor: Actor,
  lines: readonly SheetKey[],
): Promise<Map<string, Target>> {
  const keys = new Map(
    lines.map(({ form, unit, period }) => [placeOf({ form, unit, period }), { form, unit, period }]),
  );
  if (keys.size > MOST_SHEETS)
    throw new Failure('invalid-parameter', `Tệp có hơn ${MOST_SHEETS} báo cáo. Hãy chia tệp.`, {
      textEn: `the file is for more than ${MOST_SHEETS} reports: divide it`,
      expression: 'content',
    });
  const targets = new Map<string, Target>();
  for (const [place, key] of keys) targets.set(place, await targetOf(kernel, actor, key));
  return targets;
}

async function targetOf(kernel: Kernel, actor: Actor, key: SheetKey): Promise<Target> {
  try {
    await unitSeen(kernel, actor, key.unit);
    mayWrite(kernel, actor, key.unit);
    const whole = await readSheet(kernel.pool, kernel.content, key);
    if (whole.state === 'open') return { whole };
    return {
      refused: { text: 'Báo cáo này đã nộp nên không ghi được.', textEn: 'this report was handed in' },
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { refused: { text: error.issues[0]?.text ?? error.message, textEn: error.message } };
  }
}

/** Staff write in the reports of their unit; those of a unit that is no more have no staff, and the province brings them in. */
function mayWrite({ content, settings }: Kernel, actor: Actor, unit: string): void {
  const former = formerUnits(content, vietnamDay(settings.now()));
  if (!(former.has(unit) && isProvince(actor))) requireOwn(actor, unit);
}

/** @throws Failure `version-conflict` when what was shown is no more, `invalid-parameter` for wrong lines or a missing reason */
function chosenLines(
  lines: readonly JudgedLine[],
  token: string,
  write: NonNullable<ImportBody['write']>,
): JudgedLine[] {
  if (write.token !== token)
    throw new Failure('version-conflict', 'Số trong báo cáo đã đổi từ lúc xem trước. Hãy xem lại rồi ghi.', {
      textEn: 'the reports have changed since the preview: look at it again',
    });
  const left = new Set(Array.isArray(write.leaveOut) ? (write.leaveOut as unknown[]) : []);
  const kept = lines.filter(({ line, outcome }) => !(outcome === 'wrong' && left.has(line)));
  const bad = kept.filter(({ outcome }) => outcome === 'wrong');
  if (bad.length > 0)
    throw new Failure('invalid-parameter', `Còn ${bad.length} dòng sai: sửa tệp, hoặc bỏ các dòng đó ra.`, {
      textEn: `${bad.length} lines are wrong: mend the file or leave them out by their numbers`,
      issues: bad.slice(0, 100).map(({ line, text = '', textEn = '' }) => ({
        severity: 'error' as const,
        code: 'value',
        text: `Dòng ${line}: ${text}`,
        textEn: `line ${line}: ${textEn}`,
        expression: `lines[${line}]`,
      })),
    });
  if (kept.some(({ outcome }) => outcome === 'corrected') && reasonOf(write.reason) === '')
    throw new Failure('invalid-parameter', 'Tệp sửa số đếm từ hồ sơ: hãy ghi lý do.', {
      textEn: 'the file corrects numbers that were counted from the record: say why',
      expression: 'write.reason',
    });
  return kept.filter(isWritten);
}

const reasonOf = (reason: unknown): string =>
  typeof reason === 'string' ? reason.trim().slice(0, LONGEST_REASON) : '';

async function writeLines(
  kernel: Kernel,
  actor: Actor,
  lines: readonly JudgedLine[],
  targets: ReadonlyMap<string, Target>,
  reason: string,
): Promise<void> {
  const sheets = [...Map.groupBy(lines, placeOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  await inTransaction(kernel.pool, async (client) => {
    for (const [place, own] of sheets) {
      const target = targets.get(place);
      if (!target || 'refused' in target) continue;
      const { form, sheet } = target.whole;
      const { form: key, unit, period } = own[0]!;
      await lockSheet(client, { form: key, unit, period }, form.version);
      if ((await headOf(client, { form: key, unit, period }, true)).state !== 'open')
        throw new Failure('conflict', `Báo cáo ${key} kỳ ${period} vừa được nộp.`, {
          textEn: `the report ${key} of ${period} has just been handed in`,
        });
      const changes = own.map((line) => ({
        cell: line.cell,
        value: writtenValue(line),
        seen: line.seen,
        ...(line.outcome === 'corrected' ? { reason } : {}),
      }));
      await writeEntries(client, { form: key, unit, period }, form.plan, changes, {
        actor,
        at: kernel.settings.now(),
        counted: (cell) => sheet.get(cell)?.counted ?? null,
      });
    }
  });
}
