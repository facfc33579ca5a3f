/** A station with visits of a month, for tests of reports: rows straight in the tables of the record. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import type { Answer, Browser } from '../clinic/testing.ts';
import { openWorld, type World } from '../clinic/testing.ts';
import type { SheetAnswer } from './routes-sheet.ts';

export interface ReportWorld extends World {
  /** The head of the station, and who approves for the province. */
  head: Browser;
  province: Browser;
  /** A file that the head downloads. */
  download(path: string): Promise<Response>;
  /** Path of the report of visits of October. */
  sheet: string;
}

export const PERIOD = '2026-10';
export const UNIT = 'cs-25D01';
const VISITS = 120;

/** @param content folders of content beside the program's own */
export async function openReportWorld(content: string[] = []): Promise<ReportWorld> {
  const world = await openWorld(content);
  const head = await world.hire('truongtram', 'station-head');
  const province = await world.hire('dieuhanh', 'province-operator', 'so-y-te');
  await world.program.kernel.events.settled();
  const { pool } = world.program.kernel;
  await pool.query(
    `insert into views.patient (resource_key, person, full_name, gender, birth_date)
     select 'nguoi-' || n, 'nguoi-' || n, 'Người ' || n, case when n % 3 = 0 then 'male' else 'female' end, (1940 + n) || '-06-01'
     from generate_series(1, 80) n`,
  );
  await pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, visit_type, reason)
     select 'luot-' || lpad(n::text, 3, '0'), 'nguoi-' || (1 + n % 80), $1, '2026-10-02T08:00:00+07:00'::timestamptz + make_interval(hours => n),
       case when n = 7 then 'cancelled' else 'finished' end, '01', 'Sốt'
     from generate_series(1, ${VISITS}) n`,
    [UNIT],
  );
  let cookie: Promise<string> | undefined;
  const download = async (path: string) => {
    cookie ??= cookieOf(world.program.address, 'truongtram');
    return fetch(`${world.program.address}${path}`, { headers: { cookie: await cookie } });
  };
  return {
    ...world,
    head,
    province,
    download,
    sheet: `/api/statistics/sheets/kham-chua-benh/${UNIT}/${PERIOD}`,
  };
}

/** A report as its reader gets it. */
export async function readReport(reader: Browser, path: string): Promise<SheetAnswer> {
  const answer: Answer<SheetAnswer> = await reader.call('GET', path);
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A folder of content with changes of boundaries: lines of `from,to,day,people,main,source`. */
export function boundariesFolder(lines: readonly string[]): string {
  const made = mkdtempSync(join(tmpdir(), 'yba-boundaries-'));
  mkdirSync(join(made, 'statistics'));
  const rows = lines.map((line) => `${line},test`);
  writeFileSync(
    join(made, 'statistics/boundaries.csv'),
    `${['from,to,day,people,main,source,status', ...rows].join('\n')}\n`,
  );
  return made;
}
