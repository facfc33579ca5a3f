/** `yba audit verify`. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { VerifyOptions, VerifyPoint } from '../../../kernel/store/index.ts';
import { print, UsageError, withHouse } from '../command.ts';

const THREADS = 2;
const SHOW_MS = 2_000;

/** @returns 0 when the audit is whole as far as it was checked, 1 when something is wrong, 2 when it was stopped */
export async function verify(values: Record<string, unknown>): Promise<number> {
  const resume = values.resume as string | undefined;
  const options = { ...optionsOf(values), ...(resume === undefined ? {} : fromFile(resume)) };
  const stopper = new AbortController();
  const stop = () => stopper.abort();
  process.once('SIGINT', stop);
  try {
    return await withHouse(async ({ kernel: { store } }) => {
      if (options.from === undefined) await store.sealAudit();
      const progress = shower(resume);
      const report = await store.verifyAudit({ ...options, progress, signal: stopper.signal });
      for (const { text } of report.faults) print(text);
      const state = report.ok ? 'nguyên vẹn' : 'BỊ SỬA';
      print(`${report.lines} dòng nhật ký dưới ${report.seals} niêm phong: ${state}.`);
      if (report.unsealed > 0) print(`${report.unsealed} dòng mới ghi chưa được niêm phong.`);
      if (report.stopped) {
        print('Đã dừng giữa chừng; chạy lại với cùng --resume để tiếp tục.');
        return 2;
      }
      if (report.head !== null) print(`Niêm phong cuối: ${report.last}:${report.head}`);
      if (resume !== undefined) rmSync(resume, { force: true });
      return report.ok ? 0 : 1;
    });
  } finally {
    process.off('SIGINT', stop);
  }
}

function optionsOf(values: Record<string, unknown>): VerifyOptions {
  const many = (name: string) => (values[name] as string[] | undefined) ?? [];
  const threads = Number(values.threads ?? THREADS);
  if (!Number.isInteger(threads) || threads < 0 || threads > 64)
    throw new UsageError(`--threads "${values.threads}" is no number from 0 to 64.`);
  return {
    threads,
    anchors: new Map(many('anchor').map(readAnchor)),
    saved: many('checkpoint').map((file) => ({
      text: readText(file, 'checkpoint'),
      witnesses: many('witness'),
    })),
    keys: many('log-key'),
    files: new Map(many('archive').map(readArchive)),
    ...(values.since === undefined ? {} : { since: readDay(values.since as string) }),
  };
}

function readAnchor(text: string): [string, string] {
  const match = /^(\d+):([0-9a-f]{64})$/.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(`--anchor "${text}" is not <seal>:<hash>.`);
}

function readArchive(text: string): [string, string] {
  const match = /^(\d{4}-\d\d)=(.+)$/.exec(text);
  if (!match) throw new UsageError(`--archive "${text}" is not <month>=<file>.`);
  if (!existsSync(match[2]!)) throw new UsageError(`--archive: the file ${match[2]} is not there.`);
  return [match[1]!, match[2]!];
}

export function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--${option}: the file ${file} cannot be read.`);
  }
}

/** A day begins at midnight in Viet Nam. */
function readDay(text: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+07:00` : text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new UsageError(`--since "${text}" is no day like 2026-11-22.`);
}

function fromFile(file: string): { from?: VerifyPoint } {
  if (!existsSync(file)) return {};
  try {
    const from = JSON.parse(readText(file, 'resume')) as VerifyPoint;
    if (typeof from.seal === 'string' && /^[0-9a-f]{64}$/.test(from.hash)) return { from };
  } catch (error) {
    if (error instanceof UsageError) throw error;
  }
  throw new UsageError(`--resume: ${file} was not written by yba audit verify; remove it to begin anew.`);
}

/** How far it is, on stderr; and into the file, whole or not at all. */
function shower(file: string | undefined): (point: VerifyPoint) => void {
  let shown = performance.now();
  return (point) => {
    if (file !== undefined) {
      writeFileSync(`${file}.new`, JSON.stringify(point), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
    if (performance.now() - shown < SHOW_MS) return;
    shown = performance.now();
    process.stderr.write(`${point.lines.toLocaleString('vi-VN')} dòng, niêm phong số ${point.seal}\n`);
  };
}
