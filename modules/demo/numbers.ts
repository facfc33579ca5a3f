/**
 * Numbers of demo people, in ranges that no real person can have (docs/model.md): no province has 099, no insurance
 * province 00, no telephone number begins 0000.
 */

const SERIALS = 1_000_000;

/** Scatters serial numbers over 0…999999 without a repeat: 7,919 is prime to a million. */
function scattered(serial: number, offset: number): string {
  return String((serial * 7_919 + offset) % SERIALS).padStart(6, '0');
}

/**
 * Personal identification number: 3 digits place, 1 century and sex (0/1 for 1900–1999, 2/3 for 2000–2099), 2 birth
 * year, 6 serial (citizen-identity-and-payment.md section 1).
 * @param serial number of the person, 0…999,999
 */
export function citizenNumber(serial: number, sex: 'male' | 'female', birthYear: number): string {
  const century = (Math.floor(birthYear / 100) - 19) * 2 + (sex === 'female' ? 1 : 0);
  return `099${century}${String(birthYear % 100).padStart(2, '0')}${scattered(serial, 104_729)}`;
}

/** Social insurance number, 10 digits beginning 00. */
export function socialInsuranceNumber(serial: number): string {
  return `0000${scattered(serial, 350_377)}`;
}

/** Insurance card: 2 letters group, 1 digit benefit level, 2 province, 10 social insurance number. */
export function cardNumber(group: string, digit: string, serial: number): string {
  return `${group}${digit}00${socialInsuranceNumber(serial)}`;
}

export function phoneNumber(serial: number): string {
  return `0000${scattered(serial, 611_953)}`;
}

/** Patient code of a facility (MA_BN). */
export function patientCode(facility: string, serial: number): string {
  return `${facility}.${String(serial).padStart(7, '0')}`;
}

export function householdNumber(serial: number): string {
  return `00-${String(serial).padStart(7, '0')}`;
}

/** Id of a demo person's record. */
export function personId(serial: number): string {
  return `demo-${String(serial).padStart(7, '0')}`;
}
