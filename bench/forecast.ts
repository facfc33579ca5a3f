/**
 * Forecast of 10,000 children by the immunisation schedule: `node bench/forecast.ts`. Goal: 2 s. CPU seconds of this process,
 * because others may be at work beside it.
 */
import { join } from 'node:path';
import { courseOf, type Dose, type Facts, openProgrammes } from '../engines/programmes/index.ts';
import { openContent } from '../kernel/content/content.ts';

const CHILDREN = 10_000;
const TODAY = Math.floor(Date.UTC(2026, 10, 22) / 86_400_000);
const SCHEDULE: [cvx: string, days: number][] = [
  ['08', 0],
  ['19', 2],
  ['102', 62],
  ['02', 62],
  ['119', 62],
  ['102', 93],
  ['02', 93],
  ['119', 93],
  ['102', 125],
  ['02', 125],
  ['10', 155],
  ['05', 276],
  ['10', 280],
  ['39', 370],
  ['39', 378],
  ['04', 552],
  ['01', 552],
  ['39', 745],
  ['09', 2560],
];

const content = openContent(join(import.meta.dirname, '../content'));
const shelf = openProgrammes(content, '2026-11-22').find(
  ({ programme }) => programme.key === 'tiem-chung-mo-rong',
)!;
const children = Array.from({ length: CHILDREN }, (_, n) => childOf(n));

function childOf(n: number): Facts {
  const birth = TODAY - ((n * 7919) % 2900);
  const doses = SCHEDULE.flatMap(([cvx, days], at): Dose[] => {
    const day = birth + days + ((n * 31 + at * 17) % 20);
    const isMissed = (n + at * 7) % 11 === 0;
    if (day > TODAY || isMissed) return [];
    const products = [`http://hl7.org/fhir/sid/cvx|${cvx}`];
    return [{ id: `${at}`, day, products, claims: [], lot: '', expires: null, name: '', number: '' }];
  });
  return { birth, died: null, enrolments: [], doses, calls: [], answers: {} };
}

for (const round of [1, 2, 3]) {
  const begin = process.cpuUsage();
  let tasks = 0;
  for (const facts of children) tasks += courseOf(shelf, facts, TODAY).tasks.length;
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1_000_000;
  console.log(`round ${round}: ${CHILDREN} children, ${tasks} open tasks, ${seconds.toFixed(2)} s CPU`);
}
