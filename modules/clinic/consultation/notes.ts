/** What is asked, found and advised in words, by `content/clinic/notes.csv`, as Observations of category exam (docs/model.md). */
import type { Content } from '../../../kernel/content/content.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Observation } from '../../../kernel/fhir/types.ts';
import type { NoteField } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { codeOf } from '../text.ts';
import { byTime } from './vitals.ts';

/** In the order of the screen; `code` is LOINC. */
export function noteFields(content: Content): (NoteField & { code: string })[] {
  return content.table('clinic/notes').map((row) => ({
    key: row.key!,
    code: row.loinc!,
    name: row.name_vi!,
    nameEn: row.name_en!,
    lines: Number(row.lines),
    column: Number(row.column),
    abbreviations: row.abbreviations!,
    fromReception: row.from_reception === 'yes',
  }));
}

/** Reads `body.notes`. */
export function readNotes(
  body: Record<string, unknown>,
  fields: Fields,
  content: Content,
): Record<string, string> {
  const given = body.notes ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    fields.fault(
      'notes',
      'Phần hỏi và khám không đọc được: tải lại trang rồi lưu lại.',
      'notes must be an object.',
    );
    return {};
  }
  const notes = given as Record<string, unknown>;
  return Object.fromEntries(
    noteFields(content).map(({ key }) => [key, fields.text(notes, key, `notes.${key}`)]),
  );
}

export function notesOf(observations: Observation[], content: Content): Record<string, string> {
  const fields = noteFields(content);
  const notes = Object.fromEntries(fields.map(({ key }) => [key, '']));
  for (const observation of byTime(observations)) {
    const note = fields.find((one) => one.code === codeOf(observation.code, cs.loinc));
    if (note) notes[note.key] = observation.valueString ?? '';
  }
  return notes;
}
