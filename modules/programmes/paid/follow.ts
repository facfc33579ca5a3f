/** The tables of paid doses follow the record: Appointments and Invoices of the kind, whoever wrote them and over which door. */

import type { PoolClient } from 'pg';
import type { Appointment, Invoice, Location, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { dropBill, dropReservations, forgetPerson, keepBill, keepReservation } from './queries.ts';
import { billedIn, reservedIn } from './resources.ts';

const PAID_CONSUMER = 'paid-doses';
const TYPES = ['Appointment', 'Invoice', 'Patient'];

export function startPaid(kernel: Kernel, told: (unit: string) => void): void {
  const concerns = ({ type, patient }: { type: string; patient: string | null }) =>
    TYPES.includes(type) && patient !== null;
  kernel.events.consume(
    PAID_CONSUMER,
    async (changes, client) => {
      const own = changes.filter(concerns);
      if (own.length === 0) return undefined;
      const now = await kernel.store.latest(own);
      const units = new Set<string>();
      for (const { type, id, patient } of own) {
        const unit = await followOne(kernel, client, now.get(`${type}/${id}`), {
          type,
          id,
          patient: patient!,
        });
        if (unit !== null) units.add(unit);
      }
      return () => {
        for (const unit of units) told(unit);
      };
    },
    { batch: 200, concerns },
  );
}

/** @returns the unit whose lists have changed */
async function followOne(
  kernel: Kernel,
  client: PoolClient,
  resource: Resource | undefined,
  gone: { type: string; id: string; patient: string },
): Promise<string | null> {
  if (resource === undefined) {
    if (gone.type === 'Patient') await forgetPerson(client, gone.id);
    else if (gone.type === 'Invoice') await dropBill(client, gone.patient, gone.id);
    else await dropReservations(client, gone.patient, [gone.id]);
    return null;
  }
  if (resource.resourceType === 'Patient') return null;
  if (resource.resourceType === 'Invoice') {
    const bill = billedIn(resource as Invoice);
    if (bill === null) return null;
    await keepBill(client, bill);
    return bill.unit;
  }
  const reserved = reservedIn(resource as Appointment);
  const unit = reserved && (await unitAt(kernel, reserved.location));
  if (!reserved || !unit) return null;
  await keepReservation(client, unit, reserved);
  return unit;
}

async function unitAt({ store }: Kernel, location: string): Promise<string | null> {
  const stored = await store.read('Location', location);
  if (stored === null || stored.deleted) return null;
  const { managingOrganization } = JSON.parse(stored.body.toString('utf8')) as Location;
  return managingOrganization?.reference?.replace(/^Organization\//, '') ?? null;
}
