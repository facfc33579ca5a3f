/** Front door of the places room: see README.md. */
export type { FacilityLine, RoomLine } from './module.ts';
export { placesModule } from './module.ts';
export type { PlacesOptions } from './resources.ts';
export { facilityResources, unitAddress, unitResources } from './resources.ts';
export type { StaffMember } from './staff.ts';
export { practitionerOf, practitionerRoleOf } from './staff.ts';
export type { Level, Succession, Unit, Units } from './units.ts';
export { openUnits } from './units.ts';
