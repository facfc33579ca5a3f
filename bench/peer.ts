/**
 * What Medplum 5.1 did on such a machine (2 cores, 38,000–379,000 resources; requests a second), as the order for this store states
 * it; no peer is started here. The bar is five times that.
 */
export const PEER = {
  visitBundles: 24,
  creates: 279,
  reads: 1_256,
  patientAndCode: 791,
  everything: 54,
  mixed: 175,
} as const;

/** At least five times the peer. */
export const fiveTimes = (of: keyof typeof PEER) => ({ atLeast: 5 * PEER[of] });
