/** Where websockets are accepted, below the FHIR interface. */
export const SOCKET_PATH = '/fhir/ws';

/** @param base `http://host/fhir` → `ws://host/fhir/ws` */
export function websocketOf(base: string): string {
  return `${base.replace(/^http/, 'ws')}/ws`;
}
