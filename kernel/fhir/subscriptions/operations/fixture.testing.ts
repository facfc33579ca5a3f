/** A program with subscriptions of each kind that have had events: for the tests of the operations. */
import assert from 'node:assert/strict';
import { type FhirWorld, openFhirWorld } from '../../testing.ts';
import {
  openSubscriber,
  type Subscriber,
  topicSubscription,
  until,
  type Written,
} from '../subscriber.testing.ts';

export interface SubscribedWorld extends FhirWorld {
  peer: Subscriber;
  put(resource: Written): Promise<void>;
  /** Writes a finished visit of the person `lan`. */
  visit(id: string): Promise<void>;
}

/** `hook` and `nghe` are of the topic encounter-end, `cu` is by criteria. */
export async function openSubscribedWorld(): Promise<SubscribedWorld> {
  const peer = await openSubscriber();
  const world = await openFhirWorld({ peers: [peer.host] }, { notificationPauses: [] });
  const put: SubscribedWorld['put'] = async (resource) => {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.ok([200, 201].includes(answer.status), answer.text);
  };
  await put({ resourceType: 'Patient', id: 'lan' });
  await put(topicSubscription('hook', 'encounter-end', `http://${peer.host}/hook`));
  await put(topicSubscription('nghe', 'encounter-end', undefined));
  await put({
    resourceType: 'Subscription',
    id: 'cu',
    status: 'requested',
    reason: 'x',
    criteria: 'Encounter',
    channel: { type: 'websocket' },
  });
  for (const id of ['hook', 'nghe', 'cu'])
    await until(async () =>
      (await world.send('GET', `/fhir/Subscription/${id}`)).body.status === 'active' ? true : undefined,
    );
  return {
    ...world,
    peer,
    put,
    visit: (id) =>
      put({
        resourceType: 'Encounter',
        id,
        status: 'finished',
        class: { code: 'AMB' },
        subject: { reference: 'Patient/lan' },
      }),
    stop: async () => {
      peer.stop();
      await world.stop();
    },
  };
}

/** A Parameters resource of primitive values. */
export const parameters = (...given: [string, string][]) => ({
  resourceType: 'Parameters',
  parameter: given.map(([name, valueString]) => ({ name, valueString })),
});

interface Parameter {
  name: string;
  [value: string]: unknown;
}

/** Values by name, in order. */
export function valuesOf(resource: { parameter: Parameter[] }, name: string): unknown[] {
  return resource.parameter
    .filter((one) => one.name === name)
    .map((one) => Object.entries(one).find(([key]) => key.startsWith('value'))?.[1]);
}
