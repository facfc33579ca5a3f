/** What is wrong with the tables of access: for `yba content check`. Every row of every date is read. Pure. */
import type { Content, Row } from '../../content/content.ts';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import { careActFault } from '../care-acts.ts';
import { policyFault, words } from '../decide.ts';
import { labelFault } from '../labels.ts';
import { maskFault } from './masks.ts';
import { authorityFault } from './parts.ts';
import { purposeFault } from './purposes.ts';

export interface AccessFault {
  /** `access/policies`, with the number of the row, 1 = the first below the head. */
  where: string;
  text: string;
}

const TABLES: Record<string, (row: Row) => string | null> = {
  'access/policies': (row) => policyFault(row) ?? typesFault(row) ?? purposesFault(row),
  'access/sensitive-reading': (row) => maskFault(row) ?? typesFault(row) ?? purposesFault(row),
  'access/sensitivity': labelFault,
  'access/purposes': purposeFault,
  'access/consent-exempt': (row) => typesFault(row) ?? purposesFault(row),
  'access/consent-systems': (row) => systemsFault(row) ?? purposesFault(row),
  'access/care': careFault,
  'access/authorities': authorityFault,
  'access/care-acts': careActFault,
};

/** Faults of all tables, and what of the roles does not fit together. */
export function checkAccess(content: Content): AccessFault[] {
  const faults = Object.entries(TABLES).flatMap(([table, faultOf]) =>
    content.table(table).flatMap((row, at): AccessFault[] => {
      const text = faultOf(row) ?? datesFault(row);
      return text === null ? [] : [{ where: `${table} ${at + 1}`, text }];
    }),
  );
  const stated = new Set(content.table('access/purposes').map(({ role }) => role));
  const roles = new Set(content.table('access/policies').map(({ role }) => role));
  for (const role of roles) {
    if (role !== '*' && !stated.has(role)) {
      faults.push({
        where: 'access/purposes',
        text: `the role "${role}" of access/policies has no purpose of use`,
      });
    }
  }
  return faults;
}

const types = new Set<string>(resourceTypeNames);

function typesFault(row: Row): string | null {
  const wrong = words(row.types).find((type) => type !== '*' && !types.has(type));
  return wrong === undefined ? null : `"${wrong}" is no resource type`;
}

function purposesFault({ purposes }: Row): string | null {
  const wrong = words(purposes).find((one) => !/^[A-Z]{3,12}$/.test(one));
  return wrong === undefined ? null : `"${wrong}" is no v3 PurposeOfUse`;
}

function systemsFault({ systems, source = '' }: Row): string | null {
  if (words(systems).length === 0) return 'no systems: ids of clients, or "operator"';
  return source === '' ? 'no source: whoever is free of what persons deny has a ground' : null;
}

const KINDS = ['order', 'referral', 'task', 'appointment', 'team', 'episode', 'managing', 'residence'];

function careFault({ kind = '', days = '', by = '' }: Row): string | null {
  if (!KINDS.includes(kind)) return `"${kind}" is no kind of care relationship`;
  if (!['', 'anyone', 'carer'].includes(by)) return `"${by}" is neither anyone nor carer`;
  return /^\d{1,4}$/.test(days) ? null : `"${days}" is no number of days`;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function datesFault({ valid_from: from = '', valid_to: to = '' }: Row): string | null {
  const wrong = [from, to].find((day) => day !== '' && !DAY.test(day));
  if (wrong !== undefined) return `"${wrong}" is no ISO date`;
  return from !== '' && to !== '' && to < from ? `it ends on ${to}, before it begins on ${from}` : null;
}
