/** The queue ticket of a visit as data for its template. Pure. Fails with `not-found` for a visit without a ticket. */
import { Failure } from '../../kernel/failure.ts';
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
  const number = numberOf(encounter, sid.ticket);
  const start = encounter.period?.start;
  if (number === '' || !start) throw noTicket();
  const day = vietnamDay(new Date(start));
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
      arrived: viMoment(start),
    },
    options: {
      codes: { qr: { kind: 'qrcode', text: episode } },
      createdAt: newestOf([encounter, patient, organization]),
    },
    number,
    sources: [],
    about: [encounter],
    fileName: `phieu-${number}`,
    said: `ticket ${number}`,
  };
}

function noTicket(): Failure {
  return new Failure(
    'not-found',
    'Lượt khám này không qua bàn tiếp đón nên không có số thứ tự để in: tiếp đón lại nếu cần số.',
    { textEn: 'The visit was not checked in here and has no ticket.' },
  );
}
