/** `GET /api/privacy/consents`: decisions of citizens that are carried out otherwise than they say, for the data protection officer. */
import type { FastifyInstance } from 'fastify';
import { auditLine } from '../../kernel/access/audit.ts';
import type { Issue } from '../../kernel/failure.ts';
import { readNotes } from '../../kernel/store/consent/index.ts';
import type { Context } from './context.ts';

/** A part of a Consent, and what is done instead. */
export interface NoteLine {
  vi: string;
  en: string;
  /** FHIRPath of the part. */
  place: string | null;
}

/** One Consent that is not carried out as it stands. */
export interface ConsentNoteLine {
  /** Id of the Consent. */
  id: string;
  patient: string;
  patientName: string | null;
  at: string;
  parts: NoteLine[];
}

type Query = { Querystring: Record<string, string | undefined> };

const MOST = 200;

export function consentNoteRoutes(app: FastifyInstance, { kernel, namesOf }: Context): void {
  app.get<Query>('/api/privacy/consents', async (request) => {
    const actor = kernel.gate.require(request, 'privacy-officer');
    const { patient } = request.query;
    const notes = await readNotes(kernel.pool, {
      count: MOST,
      ...(patient === undefined ? {} : { patient }),
    });
    const persons = [...new Set(notes.map((note) => note.patient))];
    const told = persons.length > 0 ? persons : [patient ?? null];
    await kernel.store.audit(told.map((person) => auditLine(actor, 'search', 'Consent', person)));
    const names = await namesOf(persons.map((id) => `Patient/${id}`));
    const rows = notes.map(
      (note): ConsentNoteLine => ({
        id: note.consent,
        patient: note.patient,
        patientName: names.get(`Patient/${note.patient}`) ?? null,
        at: note.at,
        parts: note.issues.map(noteLine),
      }),
    );
    return { rows };
  });
}

export function noteLine({ text, textEn, expression }: Issue): NoteLine {
  return { vi: text, en: textEn ?? text, place: expression ?? null };
}
