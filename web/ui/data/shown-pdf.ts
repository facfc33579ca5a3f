/** A PDF that came inside an answer, opened for printing. */

/** Opened before the answer is there: browsers allow a new window only in the moment of the press. */
export function openWindow(): Window | null {
  return window.open('', '_blank');
}

/** @param data base64 */
export function showPdf(target: Window | null, data: string): void {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  if (target) target.location.href = address;
  else window.location.assign(address);
}
