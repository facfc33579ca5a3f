/** Complaint, history, findings and plan as Observations of category exam (docs/model.md). */
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation } from '../../../kernel/fhir/types.ts';
import type { ConsultationInput } from '../contract.ts';
import { codeOf } from '../text.ts';
import { byTime } from './vitals.ts';

export const NOTES = [
  { key: 'complaint', code: '10154-3', name: 'Lý do khám' },
  { key: 'illness', code: '10164-2', name: 'Quá trình bệnh lý' },
  { key: 'exam', code: '29545-1', name: 'Khám lâm sàng' },
  { key: 'advice', code: '18776-5', name: 'Hướng điều trị, lời dặn' },
] as const;

export type NoteKey = (typeof NOTES)[number]['key'];

export function notesOf(observations: Observation[]): Pick<ConsultationInput, NoteKey> {
  const notes = { complaint: '', illness: '', exam: '', advice: '' };
  for (const observation of byTime(observations)) {
    const note = NOTES.find((one) => one.code === codeOf(observation.code, cs.loinc));
    if (note) notes[note.key] = observation.valueString ?? '';
  }
  return notes;
}
