/**
 * What each act of the audit is in AuditEvent (R4 auditevent.html, IHE BALP 1.1.3, DICOM PS3.15 A.5): event type, subtype and
 * letter. Acts without a line here are activities of the application. Pure.
 */
import type { AuditEvent, Coding } from '../../fhir/types.ts';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const REST = 'http://hl7.org/fhir/restful-interaction';
const LIFECYCLE = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
/** Our own name of the act stands beside the codes of others. */
export const ACTS = 'http://yba.vn/fhir/cs/hanh-dong';

export interface Act {
  type: Coding;
  subtypes: Coding[];
  letter: NonNullable<AuditEvent['action']>;
}

const coding = (system: string, code: string, display: string): Coding => ({ system, code, display });
const dicom = (code: string, display: string) => coding(DCM, code, display);
const interaction = (code: string) => coding(REST, code, code);
const own = (action: string): Coding => ({ system: ACTS, code: action });

const RESTFUL = coding('http://terminology.hl7.org/CodeSystem/audit-event-type', 'rest', 'RESTful Operation');
const AUTHENTICATION = dicom('110114', 'User Authentication');
const ALERT = dicom('110113', 'Security Alert');
const EXPORT = dicom('110106', 'Export');
const ACTIVITY = dicom('110100', 'Application Activity');
const USER_ATTRIBUTES = dicom('110137', 'User Security Attributes Changed');
const SECURITY = dicom('110129', 'Security Configuration');

/** Acts on resources over REST; searches are executions (BALP Query). */
const RESTS: Record<string, [code: string, letter: Act['letter']]> = {
  create: ['create', 'C'],
  read: ['read', 'R'],
  update: ['update', 'U'],
  delete: ['delete', 'D'],
  purge: ['delete', 'D'],
  search: ['search-type', 'E'],
};

const OTHERS: Record<string, Act> = {
  'sign-in': act(AUTHENTICATION, dicom('110122', 'Login'), 'E'),
  'sign-out': act(AUTHENTICATION, dicom('110123', 'Logout'), 'E'),
  'break-glass': act(ALERT, dicom('110127', 'Emergency Override Started'), 'E'),
  review: act(ALERT, SECURITY, 'U'),
  password: act(ALERT, USER_ATTRIBUTES, 'U'),
  config: act(ALERT, SECURITY, 'U'),
  declassify: act(ALERT, dicom('110138', 'Object Security Attributes Changed'), 'U'),
  print: act(EXPORT, undefined, 'R'),
  export: act(EXPORT, coding(LIFECYCLE, 'disclose', 'Disclose'), 'R'),
  send: act(EXPORT, coding(LIFECYCLE, 'transmit', 'Transmit'), 'R'),
  load: act(dicom('110107', 'Import'), undefined, 'C'),
};

function act(type: Coding, subtype: Coding | undefined, letter: Act['letter']): Act {
  return { type, subtypes: subtype ? [subtype] : [], letter };
}

/** @param what of the line: tells a read from the read of a version, of a history, and from an operation */
export function actOf(action: string, what: string): Act {
  const rest = RESTS[action];
  if (rest) {
    const code = interactionOf(rest[0], what);
    const letter = code === 'operation' ? 'E' : rest[1];
    return { type: RESTFUL, subtypes: [interaction(code), own(action)], letter };
  }
  const { type, subtypes, letter } = OTHERS[action] ?? unknownAct(action);
  return { type, subtypes: [...subtypes, own(action)], letter };
}

function interactionOf(code: string, what: string): string {
  if (what.split(/[?\s]/, 1)[0]!.includes('/$') || what.startsWith('$')) return 'operation';
  if (code === 'read' && /\/_history\/[^/\s]+$/.test(what)) return 'vread';
  if (/\/_history(\?|$)/.test(what)) return what.split('/').length > 2 ? 'history-instance' : 'history-type';
  return code;
}

/** A question over REST: a search or an operation. */
export const isQuery = ({ type, letter }: Act) => type.code === 'rest' && letter === 'E';

/** Accounts and factors are told as changes of a user's security attributes. */
function unknownAct(action: string): Act {
  return /^(account|factor|user|passkey|totp|role|proof|recovery|session)\b/.test(action)
    ? act(ALERT, USER_ATTRIBUTES, 'U')
    : act(ACTIVITY, undefined, 'E');
}

const KNOWN = [...Object.keys(RESTS), ...Object.keys(OTHERS)];

/** Actions of the table whose event has one of the codes; `other` when acts without a line here have it, too. */
export function actionsWith(pick: (act: Act) => boolean): { actions: string[]; other: boolean } {
  return {
    actions: KNOWN.filter((action) => samples(action).some((what) => pick(actOf(action, what)))),
    other: pick(unknownAct('')) || pick(unknownAct('account')),
  };
}

/** One address of each kind that an act's codes depend on. */
function samples(action: string): string[] {
  return action in RESTS
    ? ['Patient/x', 'Patient/x/_history/1', 'Patient/x/_history', 'Patient/_history', '$x']
    : [''];
}

export const knownActions: readonly string[] = KNOWN;
