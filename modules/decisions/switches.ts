/** Who switched which rule on: table `decisions.switch`. Its SQL is here and nowhere else. */
import type { Pool } from 'pg';
import {
  type Rule,
  type RuleLibrary,
  type RuleState,
  ruleLibrary,
  type Switch,
  speakingOn,
} from '../../engines/rules/index.ts';
import type { MemberOf } from '../../kernel/fhir/person/index.ts';
import type { FhirGate } from '../../kernel/fhir/record.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';

export interface Decision extends Switch {
  at: Date;
  account: string;
  name: string;
  note: string;
}

/** How long a decision of another program may go unnoticed. */
const KEPT_MS = 5_000;
const kept = new WeakMap<Pool, { at: number; switches: Promise<Decision[]> }>();

/** The newest decision about each version of each rule. */
export function switchesOf({ pool, settings }: Pick<Kernel, 'pool' | 'settings'>): Promise<Decision[]> {
  const now = settings.now().getTime();
  const known = kept.get(pool);
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.switches;
  const switches = readSwitches(pool);
  kept.set(pool, { at: now, switches });
  switches.catch(() => kept.delete(pool));
  return switches;
}

async function readSwitches(pool: Pool): Promise<Decision[]> {
  const { rows } = await pool.query<Decision>(
    `select distinct on (rule, version) rule, version, state, decided_at as at, account, name, note
     from decisions.switch order by rule, version, decided_at desc`,
  );
  return rows;
}

export async function decide(
  pool: Pool,
  decision: {
    rule: string;
    version: string;
    state: RuleState;
    account: string;
    name: string;
    note: string;
    at: Date;
  },
): Promise<void> {
  await pool.query(
    `insert into decisions.switch (rule, version, decided_at, state, account, name, note)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (rule, version, decided_at) do nothing`,
    [
      decision.rule,
      decision.version,
      decision.at,
      decision.state,
      decision.account,
      decision.name,
      decision.note,
    ],
  );
  kept.delete(pool);
}

/** Every version of every rule, of the content and of the record, with the value sets that they name. */
export async function rulesOf({ content, store, gate }: Kernel): Promise<RuleLibrary> {
  const library = await ruleLibrary({
    content,
    lists: (gate as FhirGate).lists,
    search: (type, params) => store.search({ type, params }),
  });
  for (const fault of library.faults) noticeOnce(`a stored rule is not asked: ${fault}`);
  return library;
}

const told = new Set<string>();

function noticeOnce(sentence: string): void {
  if (told.has(sentence)) return;
  told.add(sentence);
  process.stderr.write(`${vietnamInstant(new Date())} decision support: ${sentence}\n`);
}

export interface Speaking {
  rules: Rule[];
  memberOf: MemberOf;
}

/** Rules that show cards on a day. @param day ISO */
export async function speakingRules(kernel: Kernel, day: string): Promise<Speaking> {
  const [{ rules, memberOf }, switches] = await Promise.all([rulesOf(kernel), switchesOf(kernel)]);
  return { rules: speakingOn(rules, day, switches), memberOf };
}
