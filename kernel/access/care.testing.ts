/** Resources that open a person's record to the unit cs-2: for tests. */

export const unit = { reference: 'Organization/cs-2' };
export const ROOM = { resourceType: 'Location', id: 'phong-cs-2', managingOrganization: unit };

const about = (patient: string) => ({ subject: { reference: `Patient/${patient}` } });

export type Opener = [string, (patient: string) => object];

export const OPENERS: Opener[] = [
  [
    'an order addressed to the unit',
    (patient) => ({
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      ...about(patient),
      performer: [unit],
    }),
  ],
  [
    'a prescription to be dispensed by the unit',
    (patient) => ({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      ...about(patient),
      medicationCodeableConcept: { text: 'thuốc' },
      dispenseRequest: { performer: unit },
    }),
  ],
  [
    'a task of the unit',
    (patient) => ({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: `Patient/${patient}` },
      owner: unit,
    }),
  ],
  [
    'an appointment at a room of the unit',
    (patient) => ({
      resourceType: 'Appointment',
      status: 'booked',
      start: '2100-01-01T08:00:00+07:00',
      end: '2100-01-01T08:15:00+07:00',
      participant: [
        { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
        { actor: { reference: 'Location/phong-cs-2' }, status: 'accepted' },
      ],
    }),
  ],
  [
    'a care team',
    (patient) => ({
      resourceType: 'CareTeam',
      status: 'active',
      ...about(patient),
      managingOrganization: [unit],
    }),
  ],
  [
    'an episode of care',
    (patient) => ({
      resourceType: 'EpisodeOfCare',
      status: 'active',
      patient: { reference: `Patient/${patient}` },
      managingOrganization: unit,
    }),
  ],
];
