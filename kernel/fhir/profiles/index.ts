/** Front door of validation by profiles: see README.md. */

export { checkContentProfiles } from './content-check.ts';
export type { ProfileAsk, ProfileCheck, Profiles, ReadForCheck } from './profiles.ts';
export { DEFINING, judgeLoaded, namesProfiles, openProfiles } from './profiles.ts';
export { profileSources } from './sources.ts';
