/** R4's tree read as it stands, provision by provision: what the rules are compared with. */
import type { Consent, ConsentProvision } from '../../fhir/types.ts';
import { typeNumber } from '../resource-types.ts';
import { bitsOf } from '../search/labels.ts';
import { organizationNumber } from '../search/owner.ts';
import type { ConsentReader, ConsentSubject } from './rule.ts';

/** Parts of an Organization: the naive reading climbs. @param unit, by its number */
export type Wholes = (unit: number) => number[];

type Said = { deny: boolean; named: boolean };

export function naiveDecision(
  consents: readonly Consent[],
  reader: ConsentReader,
  subject: ConsentSubject,
  now: number,
  wholes: Wholes = () => [],
): 'hidden' | 'granted' | 'none' {
  const said = consents.flatMap(({ provision }) =>
    provision ? saidBy(provision, { reader, subject, now, wholes }, { named: false, sure: true }) : [],
  );
  const open = (reader.unit !== null && reader.unit === subject.org) || reader.open.includes(subject.t);
  if (said.some(({ deny }) => deny)) return open ? 'none' : 'hidden';
  return said.some(({ named }) => named) ? 'granted' : 'none';
}

/** What the innermost provisions that hold say; nothing when this one does not hold. */
function saidBy(
  provision: ConsentProvision,
  look: { reader: ConsentReader; subject: ConsentSubject; now: number; wholes: Wholes },
  around: { named: boolean; sure: boolean },
): Said[] {
  const { reader, subject, now, wholes } = look;
  const actors = provision.actor ?? [];
  const receiving = actors.filter(({ role }) => role.coding![0]!.code !== 'CST');
  const holding = actors.filter(({ role }) => role.coding![0]!.code === 'CST');
  const named = around.named || receiving.length > 0;
  const holders = holding.map(({ reference }) => organizationNumber(reference.reference!.split('/')[1]!));
  const owners = subject.org === null ? subject.visits : [subject.org];
  const isHeld = (unit: number) => [unit, ...wholes(unit)].some((one) => holders.includes(one));
  const sure = around.sure && (holders.length === 0 || (owners.length > 0 && owners.every(isHeld)));
  const inner = (provision.provision ?? []).flatMap((one) => saidBy(one, look, { named, sure }));
  const day = (text: string, end: boolean) => {
    const [year, month, date] = text.split('-').map(Number) as [
      number,
      number | undefined,
      number | undefined,
    ];
    const at = end
      ? date !== undefined
        ? Date.UTC(year, month! - 1, date + 1)
        : Date.UTC(year, month!, 1)
      : Date.UTC(year, month! - 1, date ?? 1);
    return at - 7 * 3600_000;
  };
  const { start, end } = provision.period ?? {};
  const labels = provision.securityLabel ?? [];
  const classes = provision.class ?? [];
  const holds =
    (start === undefined || day(start, false) <= now) &&
    (end === undefined || day(end, true) > now) &&
    (receiving.length === 0 ||
      receiving.some(({ reference }) => reader.names.includes(reference.reference!))) &&
    (holders.length === 0 || owners.length === 0 || owners.some(isHeld)) &&
    (labels.length === 0 || labels.some(({ code }) => (subject.sec & bitsOf([code!])) !== 0)) &&
    (classes.length === 0 || classes.some(({ code }) => typeNumber(code!) === subject.t));
  if (!holds) return [];
  if (inner.length > 0) return inner;
  // What may be meant is denied, only what is surely meant is permitted.
  if (provision.type === 'permit' && !sure) return [];
  // What is said to nobody by name is not said to the person.
  return reader.citizen && !named ? [] : [{ deny: provision.type === 'deny', named }];
}
