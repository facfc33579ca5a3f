/** The queue ticket of a visit as data for its template. Pure. */
import { sid } from '../../kernel/fhir/systems.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import {
  dayParts,
  isDemo,
  newestOf,
  numberOf,
  type Paper,
  type PaperFacts,
  personOnPaper,
  unitOnPaper,
  viMoment,
} from './paper.ts';

export function ticketPaper(facts: PaperFacts): Paper {
  const { encounter, patient, organization, location } = facts;
  const day = vietnamDay(new Date(encounter.period?.start ?? ''));
  const number = numberOf(encounter, sid.ticket);
  const episode = numberOf(encounter, sid.episode);
  return {
    name: 'ticket',
    date: day,
    data: {
      signedOn: dayParts(day),
      demo: isDemo(encounter) || isDemo(patient),
      number,
      facility: unitOnPaper(facts),
      room: location?.name ?? '',
      patient: personOnPaper(facts, day),
      episode,
      arrived: viMoment(encounter.period?.start),
    },
    options: {
      codes: { qr: { kind: 'qrcode', text: episode } },
      createdAt: newestOf([encounter, patient, organization]),
    },
    fileName: `phieu-${number}`,
    said: `ticket ${number}`,
  };
}
