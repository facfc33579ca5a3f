/** `yba load`: reads NDJSON and Bundles into the record at full speed. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { judgeLoaded } from '../../kernel/fhir/profiles/index.ts';
import { type LoadSummary, loadSources, type Refusal } from '../../kernel/store/index.ts';
import { type Command, print, tellOperator, UsageError, withHouse } from './command.ts';
import { openProgressLine } from './progress-line.ts';

const ERRORS_FILE = 'yba-load-errors.txt';
/** Everything is in, but lines were refused. */
const REFUSED = 2;
/** Stopped by Ctrl-C. */
const STOPPED = 130;

export const load: Command = {
  name: 'load',
  summary: 'loads NDJSON and Bundles at full speed',
  options: {
    why: { type: 'string' },
    who: { type: 'string' },
    errors: { type: 'string' },
    indexes: { type: 'string' },
    threads: { type: 'string' },
    again: { type: 'boolean' },
    'no-validation': { type: 'boolean' },
  },
  help: `yba load <files, folders or -> [--why "…"]

Loads resources: NDJSON (one resource or Bundle a line) and JSON documents, also as .gz. Bundles of the types transaction, batch,
collection and searchset are opened, and the references among their entries resolved. Ids that are given are kept; what
is there under the same id becomes a new version, or stays when it is the same. Every resource is checked like on /fhir.

A load that is cut off, however it is, goes on with the same command; Ctrl-C stops it after the pieces in hand. Status 0:
everything is in. 2: everything but the refused lines, which stand with their reasons in the file of errors. 1: it could not
go on. 130: stopped.

  --why "…"         what the load is for; the audit says so for every person it concerns
  --who <name>      in whose name; default: yba load
  --errors <file>   default ${ERRORS_FILE}
  --indexes <when>  auto (default), live, or deferred: built at the end, for a large load into an empty record
  --threads <n>     default: as many as there are cores, at most 6
  --again           loads sources a second time that were loaded to their end
  --no-validation   for data that was checked already
`,
  async run(values, words) {
    if (words.length === 0)
      throw new UsageError('yba load needs files, folders or -; see "yba load --help".');
    const options = optionsOf(values);
    const errors = openErrors(resolve(typeof values.errors === 'string' ? values.errors : ERRORS_FILE));
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    return withHouse(async ({ kernel, profiles }) => {
      const line = openProgressLine(process.stdout);
      try {
        const summary = await loadSources(kernel.store, {
          ...options,
          sources: words,
          signal: stop.signal,
          judge: (resources) => judgeLoaded(profiles, resources),
          onProgress: (progress) => line.show(progress),
          onRefused: errors.add,
          onIndexes: (name) => line.say(`Đang dựng chỉ mục ${name} …`),
        });
        line.end();
        return conclude(summary, errors.file());
      } catch (error) {
        line.end();
        tellOperator('Những phần đã nạp vẫn còn nguyên; chạy lại đúng lệnh này để nạp tiếp.');
        throw error;
      } finally {
        errors.close();
      }
    }, true);
  },
};

function optionsOf(values: Record<string, unknown>) {
  const { why, who, indexes, threads } = values;
  if (indexes !== undefined && indexes !== 'auto' && indexes !== 'live' && indexes !== 'deferred')
    throw new UsageError('--indexes is auto, live or deferred.');
  if (threads !== undefined && !/^[1-9]\d?$/.test(String(threads)))
    throw new UsageError('--threads is a number from 1 to 99.');
  return {
    who: typeof who === 'string' ? who : 'system:yba load',
    whoDisplay: typeof who === 'string' ? who : 'yba load',
    why: typeof why === 'string' ? `HOPERAT: ${why}` : 'HOPERAT',
    again: values.again === true,
    validate: values['no-validation'] !== true,
    ...(indexes === undefined ? {} : { indexes: indexes as 'auto' | 'live' | 'deferred' }),
    ...(threads === undefined ? {} : { threads: Number(threads) }),
  };
}

function conclude(summary: LoadSummary, errorsFile: string | null): number {
  const { created, updated, unchanged, deleted, refused, before, complete, seconds } = summary;
  const all = created + updated + unchanged + deleted;
  const whole = seconds.rows + seconds.indexes;
  const earlier = before > 0 ? ` (${before} đã có từ lần chạy trước)` : '';
  print(
    `${all} bản ghi${earlier}: ${created} mới, ${updated} phiên bản mới, ${unchanged} không đổi, ${deleted} xóa; ${refused} lỗi.`,
  );
  print(
    `${whole.toFixed(1)} giây, ${Math.round((all - before) / Math.max(whole, 0.001))} bản ghi/giây, trong đó dựng chỉ mục ${seconds.indexes.toFixed(1)} giây. Nhật ký: load/${summary.id}.`,
  );
  if (errorsFile !== null) print(`Các dòng bị từ chối và lý do: ${errorsFile}`);
  if (!complete) {
    print('Đã dừng giữa chừng; chạy lại đúng lệnh này để nạp tiếp.');
    return STOPPED;
  }
  return refused > 0 ? REFUSED : 0;
}

/** `file:line: place: sentence (English)`, one line each; a load that goes on writes those of its earlier runs again. */
function openErrors(path: string) {
  let handle: number | null = null;
  return {
    add(source: string, refusals: Refusal[]): void {
      handle ??= openSync(path, 'w');
      const lines = refusals.map(
        ({ line, place, text, textEn }) =>
          `${source}:${line}: ${place === '' ? '' : `${place}: `}${text} (${textEn})\n`,
      );
      writeSync(handle, lines.join(''));
    },
    file: () => (handle === null ? null : path),
    close(): void {
      if (handle !== null) closeSync(handle);
    },
  };
}
