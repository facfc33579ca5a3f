/** Telling a scanner or a whole number from a name being typed. Pure. */

/** True for the signed QR code of a patient card that the province printed. */
export function isPatientCard(text: string): boolean {
  return /^shc:\/\d/i.test(text.trim());
}

/**
 * True for what is sent to be read as a card: a patient card, a text with bars, a citizen number, a whole insurance number. Ten digits may be
 * a phone number and are searched.
 */
export function isScan(typed: string): boolean {
  const text = typed.replace(/^\uFEFF/, '').trim();
  if (isPatientCard(text) || text.includes('|') || text.endsWith('$')) return true;
  const compact = text.replace(/[\s.-]/g, '');
  return (
    /^\d{12}$/.test(compact) ||
    /^[A-Za-z]{2}\d{13}([0-9A-Za-z]{5})?$/.test(compact) ||
    /^https?:\/\//.test(text)
  );
}

/** The text as the server reads it: numbers without their spaces, a card untouched. */
export function scanText(typed: string): string {
  return typed.includes('|') ? typed : typed.replace(/[\s.-]/g, '');
}
